import type { Engine } from "../../../src/engine/device/engine.js";
import { shaderFromSource } from "../../../src/engine/device/shader-source.js";
import { rates } from "./rate.js";

/** The speed of a kernel that does so much arithmetic for each byte. */
export interface IntensityPoint {
  /** Operations per byte read or written. */
  readonly intensity: number;
  /** GFLOP/s. */
  readonly rate: number;
}

const WORKGROUP = 64;
/** Elements of each buffer: 16 MiB. */
const VECTORS = 1 << 20;
/** Multiply-adds of each vec4, four at a time. */
const QUADS = [1, 2, 4, 8, 16, 32, 64];

function shaderOf(quads: number): string {
  return `
@group(0) @binding(0) var<storage> factors: array<vec4f>;
@group(0) @binding(1) var<storage> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;
@compute @workgroup_size(${WORKGROUP}) fn main(@builtin(global_invocation_id) id: vec3u) {
  let a = factors[0];
  let b = factors[1];
  var v = x[id.x];
  for (var i = 0u; i < ${quads}u; i++) { v = fma(a, v, b); v = fma(a, v, b); v = fma(a, v, b); v = fma(a, v, b); }
  y[id.x] = v;
}`;
}

/**
 * Speeds from little arithmetic for each byte to much: the device's own roofline.
 * @param rounds how often each is measured; see `fastest`.
 */
export async function sweepIntensity(engine: Engine, rounds?: number): Promise<IntensityPoint[]> {
  const operations = (quads: number): number => 4 * 4 * 2 * quads;
  const rows = await rates(
    engine,
    QUADS.map((quads) => ({
      name: String(quads),
      unit: "GFLOP/s",
      amount: (VECTORS * operations(quads)) / 1e9,
      request: (tape) => ({
        shader: shaderFromSource(shaderOf(quads)),
        bindings: {
          factors: tape.constant(Float32Array.of(0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1)),
          x: tape.tensor([4 * VECTORS]),
          y: tape.tensor([4 * VECTORS]),
        },
        workgroups: [VECTORS / WORKGROUP],
      }),
    })),
    rounds,
  );
  return rows.flatMap((row, i) => {
    const intensity = operations(QUADS[i] as number) / 32;
    return "value" in row ? [{ intensity, rate: row.value }] : [];
  });
}

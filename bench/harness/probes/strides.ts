import type { Engine } from "../../../src/engine/device/engine.js";
import { shaderFromSource } from "../../../src/engine/device/shader-source.js";
import type { Probe } from "./probe.js";
import { rates } from "./rate.js";

const WORKGROUP = 64;
/** Elements of each buffer: 16 MiB. */
const COUNT = 1 << 22;
const STRIDES = [1, 2, 4, 8, 16, 32];

function shaderOf(stride: number): string {
  return `
@group(0) @binding(0) var<storage> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = id.y * groups.x * ${WORKGROUP}u + id.x;
  // Every element is read once: the places of a stride, then those after them.
  y[at] = x[(at * ${stride}u) % ${COUNT}u + (at * ${stride}u) / ${COUNT}u];
}`;
}

/** Reads with gaps between neighboring invocations; only the bytes that are used count. */
export const strides: Probe = {
  title: "strided reads",
  run: (engine: Engine, rounds?: number) =>
    rates(
      engine,
      STRIDES.map((stride) => ({
        name: `f32, ${stride} apart`,
        unit: "GB/s",
        amount: (8 * COUNT) / 1e9,
        request: (tape) => ({
          shader: shaderFromSource(shaderOf(stride)),
          bindings: { x: tape.tensor([COUNT]), y: tape.tensor([COUNT]) },
          workgroups: [COUNT / WORKGROUP / 64, 64],
        }),
      })),
      rounds,
    ),
};

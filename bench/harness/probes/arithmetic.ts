import type { Engine } from "../../../src/engine/device/engine.js";
import { shaderFromSource } from "../../../src/engine/device/shader-source.js";
import type { Probe } from "./probe.js";
import { invocationsFor, type RatedShader, rates } from "./rate.js";

/** Independent chains, and links of each in a round of the loop. */
const CHAINS = 8;
const LINKS = 8;
const ROUNDS = 16;
const WORKGROUP = 64;

interface Type {
  readonly name: string;
  /** The operations that one link counts as. */
  readonly operations: number;
  readonly enable?: string;
  /** The type of a chain's value, and of its parts. */
  readonly type: string;
  readonly scalar: string;
  /** One link of a chain, and the value as f32. */
  readonly link: (x: string) => string;
  readonly result: string;
}

const fused = (x: string): string => `fma(a, ${x}, b)`;

const TYPES: readonly Type[] = [
  { name: "f32 multiply-adds", operations: 8, type: "vec4f", scalar: "f32", link: fused, result: "x.x" },
  {
    name: "f16 multiply-adds",
    operations: 8,
    enable: "enable f16;",
    type: "vec4h",
    scalar: "f16",
    link: fused,
    result: "f32(x.x)",
  },
  {
    name: "i32 multiply-adds",
    operations: 8,
    type: "vec4i",
    scalar: "i32",
    link: (x) => `a * ${x} + b`,
    result: "f32(x.x)",
  },
  {
    name: "i8 dot products of four (dot4I8Packed)",
    operations: 8,
    type: "i32",
    scalar: "i32",
    link: (x) => `dot4I8Packed(u32(${x}), u32(a)) + b`,
    result: "f32(x)",
  },
];

function shaderOf({ enable = "", type, scalar, link, result }: Type): string {
  const chains = Array.from({ length: CHAINS }, (_, i) => `x${i}`);
  const start = chains.map((x, i) => `var ${x} = ${type}(${scalar}(id % 64u + ${i}u));`).join(" ");
  const round = chains
    .flatMap((x) => Array.from({ length: LINKS }, () => `${x} = ${link(x)};`))
    .join("\n    ");
  return `${enable}
@group(0) @binding(0) var<storage> factors: array<f32>;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;
@compute @workgroup_size(${WORKGROUP}) fn main(@builtin(global_invocation_id) invocation: vec3u) {
  let id = invocation.x;
  // Loaded, so that no compiler knows them.
  let a = ${type}(${scalar}(factors[0]));
  let b = ${type}(${scalar}(factors[1]));
  ${start}
  for (var round = 0u; round < ${ROUNDS}u; round++) {
    ${round}
  }
  let x = ${chains.join(" + ")};
  sums[id] = ${result};
}`;
}

/** The arithmetic of a shader, by types of numbers. */
export const arithmetic: Probe = {
  title: "arithmetic",
  run: (engine: Engine, rounds?: number) => {
    const invocations = invocationsFor(engine);
    return rates(
      engine,
      TYPES.map(
        (type): RatedShader => ({
          name: type.name,
          unit: "Gop/s",
          amount: (invocations * CHAINS * LINKS * ROUNDS * type.operations) / 1e9,
          request: (tape) => ({
            shader: shaderFromSource(shaderOf(type)),
            bindings: { factors: tape.constant(Float32Array.of(0.5, 1)), sums: tape.tensor([invocations]) },
            workgroups: [invocations / WORKGROUP],
          }),
        }),
      ),
      rounds,
    );
  },
};

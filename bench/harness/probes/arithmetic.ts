import type { Engine } from "../../../src/engine/engine.js";
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
  /** The type of a chain's value, one link of it, and the value as f32. */
  readonly type: string;
  readonly link: string;
  readonly result: string;
}

const TYPES: readonly Type[] = [
  { name: "f32 multiply-adds", operations: 8, type: "vec4f", link: "fma(a, x, b)", result: "x.x" },
  {
    name: "f16 multiply-adds",
    operations: 8,
    enable: "enable f16;",
    type: "vec4h",
    link: "fma(a, x, b)",
    result: "f32(x.x)",
  },
  { name: "i32 multiply-adds", operations: 8, type: "vec4i", link: "a * x + b", result: "f32(x.x)" },
  {
    name: "i8 dot products of four (dot4I8Packed)",
    operations: 8,
    type: "i32",
    link: "dot4I8Packed(u32(x), u32(a)) + b",
    result: "f32(x)",
  },
];

function shaderOf({ enable = "", type, link, result }: Type): string {
  const chains = Array.from({ length: CHAINS }, (_, i) => i);
  const start = chains.map((i) => `var x${i} = ${type}(id.x + ${i}u);`).join(" ");
  const round = chains
    .flatMap((i) =>
      Array.from(
        { length: LINKS },
        () => `x${i} = ${link.replace("x", `x${i}`).replace("u32(x)", `u32(x${i})`)};`,
      ),
    )
    .join("\n    ");
  return `${enable}
@group(0) @binding(0) var<storage> factors: array<f32>;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;
@compute @workgroup_size(${WORKGROUP}) fn main(@builtin(global_invocation_id) invocation: vec3u) {
  // Loaded, so that no compiler knows them.
  let a = ${type}(factors[0]);
  let b = ${type}(factors[1]);
  let id = ${type === "vec4h" ? "vec3<u32>(invocation.x % 64u, 0u, 0u)" : "invocation"};
  ${start}
  for (var round = 0u; round < ${ROUNDS}u; round++) {
    ${round}
  }
  let x = ${chains.map((i) => `x${i}`).join(" + ")};
  sums[invocation.x] = ${result};
}`;
}

/** The arithmetic of a shader, by types of numbers. */
export const arithmetic: Probe = {
  title: "arithmetic",
  run: (engine: Engine) => {
    const invocations = invocationsFor(engine);
    return rates(
      engine,
      TYPES.map(
        (type): RatedShader => ({
          name: type.name,
          unit: "Gop/s",
          amount: (invocations * CHAINS * LINKS * ROUNDS * type.operations) / 1e9,
          request: (tape) => ({
            shader: shaderOf(type),
            bindings: { factors: tape.constant(Float32Array.of(0.5, 1)), sums: tape.tensor([invocations]) },
            workgroups: [invocations / WORKGROUP],
          }),
        }),
      ),
    );
  },
};

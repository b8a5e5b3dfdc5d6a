import type { Engine } from "../../../src/engine/device/engine.js";
import { shaderFromSource } from "../../../src/engine/device/shader-source.js";
import type { Probe } from "./probe.js";
import { invocationsFor, type RatedShader, rates } from "./rate.js";

const WORKGROUP = 64;
const ROUNDS = 64;

/** Reads of neighbors' values in the workgroup's memory. */
const WORKGROUP_MEMORY = `
@group(0) @binding(0) var<storage, read_write> sums: array<vec4f>;
var<workgroup> tile: array<vec4f, ${WORKGROUP}>;
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) lane: u32) {
  tile[lane] = vec4f(f32(id.x));
  workgroupBarrier();
  var sum = vec4f();
  for (var i = 0u; i < ${ROUNDS}u; i++) { sum += tile[(lane + i) % ${WORKGROUP}u]; }
  sums[id.x] = sum;
}`;

const SUBGROUPS = `enable subgroups;
@group(0) @binding(0) var<storage, read_write> sums: array<f32>;
@compute @workgroup_size(${WORKGROUP}) fn main(@builtin(global_invocation_id) id: vec3u) {
  var sum = f32(id.x);
  for (var i = 0u; i < ${ROUNDS}u; i++) { sum = subgroupAdd(sum) * 0.01; }
  sums[id.x] = sum;
}`;

/** @param places counters that the invocations share. */
function atomics(places: number): string {
  return `
@group(0) @binding(0) var<storage, read_write> counters: array<atomic<u32>>;
@compute @workgroup_size(${WORKGROUP}) fn main(@builtin(global_invocation_id) id: vec3u) {
  for (var i = 0u; i < ${ROUNDS}u; i++) { atomicAdd(&counters[(id.x + i) % ${places}u], 1u); }
}`;
}

/** What invocations share: memory of the workgroup, subgroups, atomic counters. */
export const sharing: Probe = {
  title: "sharing between invocations",
  run: (engine: Engine, rounds?: number) => {
    const invocations = invocationsFor(engine);
    const launch = { workgroups: [invocations / WORKGROUP] };
    const count = (invocations * ROUNDS) / 1e9;
    const counter = (name: string, places: number): RatedShader => ({
      name,
      unit: "Gop/s",
      amount: count,
      request: (tape) => ({
        shader: shaderFromSource(atomics(places)),
        bindings: { counters: tape.tensor([places], "counters", "u32") },
        ...launch,
      }),
    });
    const shaders: RatedShader[] = [
      {
        name: "reads of workgroup memory",
        unit: "GB/s",
        amount: 16 * count,
        request: (tape) => ({
          shader: shaderFromSource(WORKGROUP_MEMORY),
          bindings: { sums: tape.tensor([4 * invocations]) },
          ...launch,
        }),
      },
      {
        name: "subgroupAdd",
        unit: "Gop/s",
        amount: count,
        request: (tape) => ({
          shader: shaderFromSource(SUBGROUPS),
          bindings: { sums: tape.tensor([invocations]) },
          ...launch,
        }),
      },
      counter("atomicAdd, one counter", 1),
      counter("atomicAdd, a counter for each invocation", invocations),
    ];
    return rates(engine, shaders, rounds);
  },
};

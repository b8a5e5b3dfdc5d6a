// A running average: average ← average + shares[counter.step] · (value − average).

override WORKGROUP: u32 = 64;

//#include "../parts/counter.wgsl" gives Counter.

@group(0) @binding(0) var<storage, read> value: array<vec4f>;
@group(0) @binding(1) var<storage, read> shares: array<f32>;
@group(0) @binding(2) var<storage, read> counter: Counter;
@group(0) @binding(3) var<storage, read_write> average: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let index = id.y * workgroups.x * WORKGROUP + id.x;
  if (index < arrayLength(&average)) {
    average[index] += shares[counter.step] * (value[index] - average[index]);
  }
}

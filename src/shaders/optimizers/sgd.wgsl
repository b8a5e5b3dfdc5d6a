// p ← p − rates[counter.step] · rate_multipliers · g.

override WORKGROUP: u32 = 64;

//#include "../parts/counter.wgsl" gives Counter.

@group(0) @binding(0) var<storage, read_write> p: array<vec4f>;
@group(0) @binding(1) var<storage, read> g: array<vec4f>;
@group(0) @binding(2) var<storage, read> rates: array<f32>;
@group(0) @binding(3) var<storage, read> rate_multipliers: array<vec4f>;
@group(0) @binding(4) var<storage, read> counter: Counter;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let index = id.y * workgroups.x * WORKGROUP + id.x;
  if (index < arrayLength(&p)) {
    p[index] -= rates[counter.step] * (rate_multipliers[index] * g[index]);
  }
}

// Adam (Kingma and Ba 2015): m ← β1·m + (1 − β1)·g, v ← β2·v + (1 − β2)·g²,
// p ← p − rates[t − 1] · m / (1 − β1ᵗ) / (√(v / (1 − β2ᵗ)) + ε), with t = counter.step + 1.

override BETA_1: f32 = 0.9;
override BETA_2: f32 = 0.999;
override EPSILON: f32 = 1e-8;
override WORKGROUP: u32 = 64;

//#include "../parts/counter.wgsl" gives Counter.

@group(0) @binding(0) var<storage, read_write> p: array<vec4f>;
@group(0) @binding(1) var<storage, read> g: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> m: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> v: array<vec4f>;
// For each step: the rate, 1 − β1ᵗ and 1 − β2ᵗ, which float32 powers would round too much for small t.
@group(0) @binding(4) var<storage, read> schedule: array<vec4f>;
@group(0) @binding(5) var<storage, read> counter: Counter;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let index = id.y * workgroups.x * WORKGROUP + id.x;
  if (index >= arrayLength(&p)) {
    return;
  }
  let step = schedule[counter.step];
  let gradient = g[index];
  let first = m[index] + (1.0 - BETA_1) * (gradient - m[index]);
  let second = BETA_2 * v[index] + (1.0 - BETA_2) * gradient * gradient;
  m[index] = first;
  v[index] = second;
  p[index] -= step.x / step.y * first / (sqrt(second / step.z) + EPSILON);
}

// y ← y + factors[counter.step] · x.

override WORKGROUP: u32 = 64;

//#include "../parts/counter.wgsl" gives Counter.

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> factors: array<f32>;
@group(0) @binding(2) var<storage, read> counter: Counter;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let index = id.y * workgroups.x * WORKGROUP + id.x;
  if (index < arrayLength(&y)) {
    y[index] = fma(vec4f(factors[counter.step]), x[index], y[index]);
  }
}

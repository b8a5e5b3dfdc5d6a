// y = 1 / (1 + e^−x).

override COUNT: u32;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let index = id.y * workgroups.x * WORKGROUP + id.x;
  if (index < COUNT) {
    y[index] = 1.0 / (1.0 + exp(-x[index]));
  }
}

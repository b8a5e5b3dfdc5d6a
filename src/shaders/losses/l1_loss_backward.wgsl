// Gradient of WEIGHT · Σ |x − reference|.

override COUNT: u32;
override WEIGHT: f32 = 1;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> reference: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let index = id.y * workgroups.x * WORKGROUP + id.x;
  if (index >= COUNT) {
    return;
  }
  let value = WEIGHT * sign(x[index] - reference[index]);
  if (ACCUMULATE) {
    dx[index] += value;
  } else {
    dx[index] = value;
  }
}

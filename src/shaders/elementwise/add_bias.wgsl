// y[m][p] = x[m][p] + bias[m], then ReLU if RELU. One invocation computes four columns of a row. COLUMNS is a
// multiple of 4.

override COLUMNS: u32;
override RELU: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> bias: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let index = id.y * workgroups.x * WORKGROUP + id.x;
  let width = COLUMNS / 4u;
  if (index >= arrayLength(&y)) {
    return;
  }
  let sum = x[index] + bias[index / width];
  y[index] = select(sum, max(sum, vec4f()), RELU);
}

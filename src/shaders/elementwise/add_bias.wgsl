// y[m][p] = x[m][p] + bias[m], then ReLU if RELU. One invocation computes four columns of a row. COLUMNS is a
// multiple of 4.

override COLUMNS: u32;
override RELU: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> bias: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let width = COLUMNS / 4u;
  if (id.x >= width) {
    return;
  }
  let place = id.y * width + id.x;
  let sum = x[place] + bias[id.y];
  y[place] = select(sum, max(sum, vec4f()), RELU);
}

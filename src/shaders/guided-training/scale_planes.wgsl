// Scales planes, each by its own factor: y[m][p] = (OFFSET + factors[m]) · x[m][p] + shifts[m] if SHIFTED + residual[m][p] if
// RESIDUAL, then ReLU if RELU. With ACCUMULATE the result is added to y.

override PIXELS: u32;
override OFFSET: f32;
override SHIFTED: bool = false;
override RESIDUAL: bool = false;
override RELU: bool = false;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> factors: array<f32>;
@group(0) @binding(2) var<storage, read> shifts: array<f32>;
@group(0) @binding(3) var<storage, read> residual: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= PIXELS) {
    return;
  }
  let index = id.y * PIXELS + id.x;
  var value = (OFFSET + factors[id.y]) * x[index];
  if (SHIFTED) {
    value += shifts[id.y];
  }
  if (RESIDUAL) {
    value += residual[index];
  }
  if (RELU) {
    value = max(value, 0.0);
  }
  if (ACCUMULATE) {
    value += y[index];
  }
  y[index] = value;
}

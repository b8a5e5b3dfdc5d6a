// A fully connected layer: y[n][o] = bias[o] + Σ_i weight[o][i] · x[n][i], then ReLU if RELU.

override BATCH: u32;
override INPUTS: u32;
override OUTPUTS: u32;
override RELU: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= BATCH * OUTPUTS) {
    return;
  }
  let n = id.x / OUTPUTS;
  let o = id.x % OUTPUTS;
  var sum = bias[o];
  for (var i = 0u; i < INPUTS; i++) {
    sum = fma(weight[o * INPUTS + i], x[n * INPUTS + i], sum);
  }
  y[id.x] = select(sum, max(sum, 0.0), RELU);
}

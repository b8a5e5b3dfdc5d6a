// Gradients of a fully connected layer's weights and biases: dweight[o][i] = Σ_n dy[n][o] · x[n][i], dbias[o] = Σ_n dy[n][o].
// Each row of weights has one invocation more, for its bias.

override BATCH: u32;
override INPUTS: u32;
override OUTPUTS: u32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> dweight: array<f32>;
@group(0) @binding(3) var<storage, read_write> dbias: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let o = id.x / (INPUTS + 1u);
  let i = id.x % (INPUTS + 1u);
  if (o >= OUTPUTS) {
    return;
  }
  let is_bias = i == INPUTS;
  var sum = 0.0;
  for (var n = 0u; n < BATCH; n++) {
    var input = 1.0;
    if (!is_bias) {
      input = x[n * INPUTS + i];
    }
    sum = fma(dy[n * OUTPUTS + o], input, sum);
  }
  if (is_bias) {
    if (ACCUMULATE) {
      sum += dbias[o];
    }
    dbias[o] = sum;
  } else {
    if (ACCUMULATE) {
      sum += dweight[o * INPUTS + i];
    }
    dweight[o * INPUTS + i] = sum;
  }
}

// Gradient of a fully connected layer's input: dx[n][i] = Σ_o weight[o][i] · dy[n][o].

override BATCH: u32;
override INPUTS: u32;
override OUTPUTS: u32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> weight: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= BATCH * INPUTS) {
    return;
  }
  let n = id.x / INPUTS;
  let i = id.x % INPUTS;
  var sum = 0.0;
  for (var o = 0u; o < OUTPUTS; o++) {
    sum = fma(weight[o * INPUTS + i], dy[n * OUTPUTS + o], sum);
  }
  if (ACCUMULATE) {
    sum += dx[id.x];
  }
  dx[id.x] = sum;
}

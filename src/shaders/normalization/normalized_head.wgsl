// The last layer of a chain with BatchNorm and ReLU, to one or a few channels:
//   y[n][h][p] = Σ_c w[n][h][c] · max(0, scale · (x[n][c][p] − mean) + beta) + bias[h].
// PIXELS is a multiple of 4.

override CHANNELS: u32;
override HEADS: u32 = 1;
override PIXELS: u32;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
// [n][c] (mean, 1 / √(variance + ε), scale, beta)
@group(0) @binding(1) var<storage, read> statistics: array<vec4f>;
@group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let out = id.y * HEADS + id.z;
  if (id.x >= PIXELS / 4u) {
    return;
  }
  var sum = vec4f(bias[id.z]);
  for (var c = 0u; c < CHANNELS; c++) {
    let plane = id.y * CHANNELS + c;
    let norm = statistics[plane];
    let value = max(vec4f(), fma(x[plane * (PIXELS / 4u) + id.x] - norm.x, vec4f(norm.z), vec4f(norm.w)));
    sum = fma(vec4f(w[out * CHANNELS + c]), value, sum);
  }
  y[out * (PIXELS / 4u) + id.x] = sum;
}

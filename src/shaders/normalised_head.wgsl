// y[n][p] = Σ_c w[n][c] · x[n][c][p] + bias: a 1×1 convolution to a single channel. PIXELS is a multiple of 4.

override CHANNELS: u32;
override PIXELS: u32;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> w: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.y;
  if (id.x >= PIXELS / 4u) {
    return;
  }
  var sum = vec4f(bias[0]);
  for (var c = 0u; c < CHANNELS; c++) {
    sum = fma(vec4f(w[n * CHANNELS + c]), x[(n * CHANNELS + c) * (PIXELS / 4u) + id.x], sum);
  }
  y[n * (PIXELS / 4u) + id.x] = sum;
}

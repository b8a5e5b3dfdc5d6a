// Divides the spectra of what an image says by how much of it is noise: y[n][c][g] = x[n][c][g] / (power[n][g] + α[n]), where
// α[n] = base[n] · exp(trust[n]). Powers are real; their imaginary part is not read.

override BINS: u32;
override CHANNELS: u32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<vec2f>;
@group(0) @binding(1) var<storage, read> power: array<vec2f>;
@group(0) @binding(2) var<storage, read> base: array<f32>;
@group(0) @binding(3) var<storage, read> trust: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<vec2f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= BINS) {
    return;
  }
  let n = id.y / CHANNELS;
  let index = id.y * BINS + id.x;
  var value = x[index] / (power[n * BINS + id.x].x + base[n] * exp(trust[n]));
  if (ACCUMULATE) {
    value += y[index];
  }
  y[index] = value;
}

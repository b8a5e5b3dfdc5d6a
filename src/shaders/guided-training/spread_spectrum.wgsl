// Puts the pixels of small images SCALE apart, zeros between them, and blurs them by the mirrored kernel, on half spectra: with the
// kernel's spectrum k̂,
//   y[f] = FACTOR · conj(k̂[f]) · x[g], where subsampling folds the bin f of the large image onto the bin g of the small one.
// COUNTED makes it the transpose of fold_spectrum: each bin is weighed by how many bins of the whole spectrum it stands for.

override SCALE: u32;
override HEIGHT: u32;
override WIDTH: u32;
override CHANNELS: u32;
override FACTOR: f32;
override COUNTED: bool = false;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<vec2f>;
@group(0) @binding(1) var<storage, read> blur: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec2f>;

//#include "parts/spectrum_bins.wgsl" gives times, conjugate and bin_count.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let W = WIDTH * SCALE;
  let half = W / 2u + 1u;
  let bins = HEIGHT * SCALE * half;
  if (id.x >= bins) {
    return;
  }
  let column = id.x % half;
  let u = id.x / half % HEIGHT;
  let v = column % WIDTH;
  let small_half = WIDTH / 2u + 1u;
  // A bin beyond the half that is stored is the conjugate of its mirror image.
  let mirrored = v >= small_half;
  let place = select(u * small_half + v, (HEIGHT - u) % HEIGHT * small_half + WIDTH - v, mirrored);
  var value = x[id.y * HEIGHT * small_half + place];
  if (mirrored) {
    value = conjugate(value);
  }
  value = FACTOR * times(conjugate(blur[id.y / CHANNELS * bins + id.x]), value);
  if (COUNTED) {
    value *= bin_count(column, W) / bin_count(v, WIDTH);
  }
  let index = id.y * bins + id.x;
  if (ACCUMULATE) {
    value += y[index];
  }
  y[index] = value;
}

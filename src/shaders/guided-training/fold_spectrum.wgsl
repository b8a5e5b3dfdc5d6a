// Blurs large images and takes every SCALE-th pixel, on half spectra: with the kernel's spectrum k̂,
//   y[g] = FACTOR · Σ_f k̂[f]·x[f], over the SCALE² bins f of the large image that subsampling folds onto the bin g of the small one.
// COUNTED makes it the transpose of spread_spectrum: each bin is weighed by how many bins of the whole spectrum it stands for.

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
  let small_half = WIDTH / 2u + 1u;
  if (id.x >= HEIGHT * small_half) {
    return;
  }
  let u = id.x / small_half;
  let v = id.x % small_half;
  let H = HEIGHT * SCALE;
  let W = WIDTH * SCALE;
  let half = W / 2u + 1u;
  let image = id.y * H * half;
  let kernel = id.y / CHANNELS * H * half;
  var sum = vec2f();
  for (var i = 0u; i < SCALE; i++) {
    for (var j = 0u; j < SCALE; j++) {
      let row = u + i * HEIGHT;
      let column = v + j * WIDTH;
      // A bin beyond the half that is stored is the conjugate of its mirror image.
      let mirrored = column >= half;
      let place = select(row * half + column, (H - row) % H * half + W - column, mirrored);
      var product = times(blur[kernel + place], x[image + place]);
      if (mirrored) {
        product = conjugate(product);
      }
      sum += product / select(1.0, bin_count(column, W), COUNTED);
    }
  }
  sum *= FACTOR * select(1.0, bin_count(v, WIDTH), COUNTED);
  let index = id.y * HEIGHT * small_half + id.x;
  if (ACCUMULATE) {
    sum += y[index];
  }
  y[index] = sum;
}

// The data step of an unfolding, on half spectra: with B = blur by the kernel (spectrum k̂), then every
// SCALE-th pixel,
//   Z = X + P·conj(k̂) · (Y − ⟨k̂·X⟩) / (⟨|k̂|²·P⟩ + α),
// where ⟨⟩ is the mean over the SCALE² bins that subsampling folds onto one bin of the small image, and P the
// power that is expected of a bin. It minimizes ‖y − Bz‖² + α·‖z − x‖², with the norm of z − x weighted by
// 1/P. GUESS begins at X = 0, which is not read; PRIOR expects the power of a photo, else P = 1. DIFFERENCE
// gives the gradient: it leaves Y out, and weights inputs and outputs by how many bins a stored one stands
// for. One invocation computes all bins that fold onto one, and those that are stored as their conjugates.

override SCALE: u32;
override CHANNELS: u32;
override GUESS: bool = false;
override PRIOR: bool = false;
override DIFFERENCE: bool = false;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

struct Sizes {
  batch: u32,
  // Of the small image.
  height: u32,
  width: u32,
}

//#include "../parts/counter.wgsl" gives Counter.

@group(0) @binding(0) var<storage, read> sizes: Sizes;
@group(0) @binding(1) var<storage, read> x: array<vec2f>;
@group(0) @binding(2) var<storage, read> y: array<vec2f>;
@group(0) @binding(3) var<storage, read> blur: array<vec2f>;
@group(0) @binding(4) var<storage, read> alphas: array<f32>;
@group(0) @binding(5) var<storage, read> counter: Counter;
@group(0) @binding(6) var<storage, read_write> z: array<vec2f>;

// A bin of the large image, which is stored as it is or as its conjugate.
struct Bin {
  place: u32,
  conjugate: bool,
  // How many bins of the whole spectrum the stored one stands for.
  count: f32,
}

fn find_bin(u: u32, v: u32) -> Bin {
  let height = sizes.height * SCALE;
  let width = sizes.width * SCALE;
  let half = width / 2u + 1u;
  let count = select(2.0, 1.0, v == 0u || 2u * v == width);
  if (v < half) {
    return Bin(u * half + v, false, count);
  }
  return Bin((height - u) % height * half + width - v, true, count);
}

fn conjugate_if(value: vec2f, conjugate: bool) -> vec2f {
  return vec2f(value.x, select(value.y, -value.y, conjugate));
}

fn times(a: vec2f, b: vec2f) -> vec2f {
  return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

fn times_conjugate(a: vec2f, b: vec2f) -> vec2f {
  return vec2f(a.x * b.x + a.y * b.y, a.y * b.x - a.x * b.y);
}

// Natural images have a power of about 1 / |frequency|²: here the inverse of the discrete Laplacian.
fn prior(u: u32, v: u32) -> f32 {
  if (!PRIOR) {
    return 1.0;
  }
  let turn = 6.283185307 / f32(SCALE);
  let a = cos(turn * f32(u) / f32(sizes.height));
  let b = cos(turn * f32(v) / f32(sizes.width));
  return 1.0 / (4.0 - 2.0 * a - 2.0 * b + 1e-4);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let small_half = sizes.width / 2u + 1u;
  if (id.x >= sizes.height * small_half) {
    return;
  }
  let u = id.x / small_half;
  let v = id.x % small_half;
  let n = id.y / CHANNELS;
  let bins = sizes.height * SCALE * (sizes.width * SCALE / 2u + 1u);
  let image = id.y * bins;
  var folded = vec2f();
  var power = 0.0;
  for (var i = 0u; i < SCALE; i++) {
    for (var j = 0u; j < SCALE; j++) {
      let bin = find_bin(u + i * sizes.height, v + j * sizes.width);
      let transfer = blur[n * bins + bin.place];
      if (!GUESS) {
        var value = x[image + bin.place];
        if (DIFFERENCE) {
          value /= bin.count;
        }
        folded += conjugate_if(times(transfer, value), bin.conjugate);
      }
      power += dot(transfer, transfer) * prior(u + i * sizes.height, v + j * sizes.width);
    }
  }
  var rest = -folded / f32(SCALE * SCALE);
  if (!DIFFERENCE) {
    rest += y[id.y * sizes.height * small_half + id.x];
  }
  rest /= power / f32(SCALE * SCALE) + alphas[counter.step * sizes.batch + n];
  let own_conjugate = v == 0u || 2u * v == sizes.width;
  for (var i = 0u; i < SCALE; i++) {
    for (var j = 0u; j < SCALE; j++) {
      let bin = find_bin(u + i * sizes.height, v + j * sizes.width);
      // A bin that is stored as a conjugate belongs to the invocation of that conjugate, if there is one.
      if (bin.conjugate && own_conjugate) {
        continue;
      }
      let place = image + bin.place;
      var change = times_conjugate(conjugate_if(rest, bin.conjugate), blur[n * bins + bin.place]);
      change *= prior(u + i * sizes.height, v + j * sizes.width);
      if (DIFFERENCE) {
        change *= bin.count;
      }
      if (!GUESS) {
        change += x[place];
      }
      if (ACCUMULATE) {
        z[place] += change;
      } else {
        z[place] = change;
      }
    }
  }
}

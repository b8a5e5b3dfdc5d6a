// Sums of functions of the power at each frequency over windows: with P = |X'|² / ENERGY + FLOOR,
//   sums[0] += Σ_n 1 / √P, sums[1] += Σ_n log P, sums[2] += Σ_n P.
// X' is the spectrum of a window, weighted by Hann's function, without its mean. The mean is known from
// X[0][0], and Hann's function has only the frequencies −1, 0 and 1, so that the mean can be subtracted after
// the transform. One invocation per frequency; SIDE is the windows' height and width.

override SIDE: u32;
override ENERGY: f32;
override FLOOR: f32;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> spectra: array<vec2f>;
// Number of windows in use.
@group(0) @binding(1) var<storage, read> count: array<u32>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;

// The spectrum of Hann's function at a frequency, relative to that at frequency 0.
fn hann(frequency: u32) -> f32 {
  return select(select(0.0, -0.5, frequency == 1u || frequency == SIDE - 1u), 1.0, frequency == 0u);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let width = SIDE / 2u + 1u;
  let frequencies = SIDE * width;
  if (id.x >= frequencies) {
    return;
  }
  let share = hann(id.x / width) * hann(id.x % width);
  var sum = vec3f();
  for (var n = 0u; n < count[0]; n++) {
    let first = n * frequencies;
    let value = spectra[first + id.x] - share * spectra[first];
    let power = dot(value, value) / ENERGY + FLOOR;
    sum += vec3f(inverseSqrt(power), log(power), power);
  }
  sums[id.x] += sum.x;
  sums[frequencies + id.x] += sum.y;
  sums[2u * frequencies + id.x] += sum.z;
}

// y = max(0, gamma · x̂ + beta) with x̂ = (x − mean) / √(variance + 1e-5), the mean and the biased variance taken over
// the pixels of each item n and channel c by itself. One workgroup a channel of an item.

override CHANNELS: u32;
override PIXELS: u32;
override WORKGROUP: u32 = 64;

const EPSILON = 1e-5;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> gamma: array<f32>;
@group(0) @binding(2) var<storage, read> beta: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
// [n][c][mean, 1 / √(variance + ε)]
@group(0) @binding(4) var<storage, read_write> statistics: array<vec2f>;

var<workgroup> sums: array<f32, WORKGROUP>;

fn total(value: f32, lane: u32) -> f32 {
  workgroupBarrier();
  sums[lane] = value;
  workgroupBarrier();
  var sum = 0.0;
  for (var i = 0u; i < WORKGROUP; i++) {
    sum += sums[i];
  }
  return sum;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let channel = group.x;
  let plane = group.y * CHANNELS + channel;
  let first = plane * PIXELS;
  var sum = 0.0;
  for (var p = lane; p < PIXELS; p += WORKGROUP) {
    sum += x[first + p];
  }
  let mean = total(sum, lane) / f32(PIXELS);
  var squares = 0.0;
  for (var p = lane; p < PIXELS; p += WORKGROUP) {
    let centred = x[first + p] - mean;
    squares = fma(centred, centred, squares);
  }
  let inverse = inverseSqrt(total(squares, lane) / f32(PIXELS) + EPSILON);
  let scale = gamma[channel] * inverse;
  let shift = beta[channel];
  for (var p = lane; p < PIXELS; p += WORKGROUP) {
    y[first + p] = max(0.0, fma(x[first + p] - mean, scale, shift));
  }
  if (lane == 0u) {
    statistics[plane] = vec2f(mean, inverse);
  }
}

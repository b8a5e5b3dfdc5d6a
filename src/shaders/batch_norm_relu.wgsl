// y = max(0, gamma · x̂ + beta) with x̂ = (x − mean) / √(variance + 1e-5), the mean and the biased variance taken over
// the pixels of each item n and channel c by itself. One workgroup a channel of an item. PIXELS is a multiple of 4.

override CHANNELS: u32;
override PIXELS: u32;
override WORKGROUP: u32 = 64;

const EPSILON = 1e-5;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> gamma: array<f32>;
@group(0) @binding(2) var<storage, read> beta: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
// [n][c][mean, 1 / √(variance + ε)]
@group(0) @binding(4) var<storage, read_write> statistics: array<vec2f>;

var<workgroup> sums: array<mat2x4f, WORKGROUP>;

// The two sums over the lanes and over the four components.
fn total(value: mat2x4f, lane: u32) -> vec2f {
  sums[lane] = value;
  workgroupBarrier();
  var sum = mat2x4f();
  for (var i = 0u; i < WORKGROUP; i++) {
    sum += sums[i];
  }
  return vec4f(1.0) * sum;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let channel = group.x;
  let plane = group.y * CHANNELS + channel;
  let first = plane * (PIXELS / 4u);
  let end = first + PIXELS / 4u;
  // Both moments in one pass, about a value of the channel itself: so that little cancels, unlike about zero.
  let pivot = x[first].x;
  var moments = mat2x4f();
  for (var p = first + lane; p < end; p += WORKGROUP) {
    let shifted = x[p] - pivot;
    moments += mat2x4f(shifted, shifted * shifted);
  }
  let means = total(moments, lane) / f32(PIXELS);
  let mean = pivot + means.x;
  let inverse = inverseSqrt(max(0.0, means.y - means.x * means.x) + EPSILON);
  let scale = vec4f(gamma[channel] * inverse);
  let shift = vec4f(beta[channel]);
  for (var p = first + lane; p < end; p += WORKGROUP) {
    y[p] = max(vec4f(), fma(x[p] - mean, scale, shift));
  }
  if (lane == 0u) {
    statistics[plane] = vec2f(mean, inverse);
  }
}

// Gradient of the trust in trust_data: dtrust[n] = −Σ_{c,g} dy[n][c][g] · y[n][c][g] · α[n] / (power[n][g] + α[n]), with
// α[n] = base[n] · exp(trust[n]). One workgroup an image.

override BINS: u32;
override CHANNELS: u32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> y: array<vec2f>;
@group(0) @binding(1) var<storage, read> power: array<vec2f>;
@group(0) @binding(2) var<storage, read> base: array<f32>;
@group(0) @binding(3) var<storage, read> trust: array<f32>;
@group(0) @binding(4) var<storage, read> dy: array<vec2f>;
@group(0) @binding(5) var<storage, read_write> dtrust: array<f32>;

//#include "../parts/lane_sum.wgsl" gives lane_sum.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let n = group.x;
  let alpha = base[n] * exp(trust[n]);
  var sum = 0.0;
  for (var i = lane; i < CHANNELS * BINS; i += WORKGROUP) {
    let index = n * CHANNELS * BINS + i;
    sum -= dot(dy[index], y[index]) * alpha / (power[n * BINS + i % BINS].x + alpha);
  }
  var total = lane_sum(sum, lane);
  if (lane == 0u) {
    if (ACCUMULATE) {
      total += dtrust[n];
    }
    dtrust[n] = total;
  }
}

// Gradients of normalized_head with respect to its weights and bias:
// dw[n][h][c] = Σ_p dy[n][h][p] · max(0, scale · (x[n][c][p] − mean) + beta), dbias[h] = Σ_{n,p} dy[n][h][p].
// One workgroup per weight; the first one of an output also computes its dbias.

override BATCH: u32;
override CHANNELS: u32;
override HEADS: u32 = 1;
override PIXELS: u32;
override ACCUMULATE_WEIGHT: bool = false;
override ACCUMULATE_BIAS: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
// [n][c] (mean, 1 / √(variance + ε), scale, beta)
@group(0) @binding(1) var<storage, read> statistics: array<vec4f>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> dw: array<f32>;
@group(0) @binding(4) var<storage, read_write> dbias: array<f32>;

//#include "../parts/total.wgsl" gives total.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let c = group.x;
  let h = group.y;
  let n = group.z;
  let out = n * HEADS + h;
  let plane = n * CHANNELS + c;
  let norm = statistics[plane];
  var sum = 0.0;
  for (var p = lane; p < PIXELS; p += WORKGROUP) {
    let value = max(0.0, fma(x[plane * PIXELS + p] - norm.x, norm.z, norm.w));
    sum = fma(dy[out * PIXELS + p], value, sum);
  }
  let weight = total(sum, lane);
  if (lane == 0u) {
    if (ACCUMULATE_WEIGHT) {
      dw[out * CHANNELS + c] += weight;
    } else {
      dw[out * CHANNELS + c] = weight;
    }
  }
  if (c == 0u && n == 0u) {
    var bias_sum = 0.0;
    for (var i = lane; i < BATCH * PIXELS; i += WORKGROUP) {
      bias_sum += dy[(i / PIXELS * HEADS + h) * PIXELS + i % PIXELS];
    }
    let bias = total(bias_sum, lane);
    if (lane == 0u) {
      if (ACCUMULATE_BIAS) {
        dbias[h] += bias;
      } else {
        dbias[h] = bias;
      }
    }
  }
}

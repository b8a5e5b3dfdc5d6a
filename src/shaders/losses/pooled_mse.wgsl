// Squared errors of the means of maps, their weighted sum, and its gradient with respect to the maps:
//   errors[n][h] = (mean_p maps[n][h][p] − targets[n][h])², loss = mean_n Σ_h weights[h] · errors[n][h].
// A single workgroup.

override ITEMS: u32;
override HEADS: u32;
override PIXELS: u32;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> maps: array<f32>;
@group(0) @binding(1) var<storage, read> targets: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> loss: array<f32>;
@group(0) @binding(4) var<storage, read_write> errors: array<f32>;
@group(0) @binding(5) var<storage, read_write> gradient: array<f32>;

//#include "../parts/total.wgsl" gives total.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  var weighted = 0.0;
  for (var map = 0u; map < ITEMS * HEADS; map++) {
    let first = map * PIXELS;
    var sum = 0.0;
    for (var p = lane; p < PIXELS; p += WORKGROUP) {
      sum += maps[first + p];
    }
    let difference = total(sum, lane) / f32(PIXELS) - targets[map];
    let weight = weights[map % HEADS] / f32(ITEMS);
    weighted = fma(weight, difference * difference, weighted);
    for (var p = lane; p < PIXELS; p += WORKGROUP) {
      gradient[first + p] = 2.0 * weight * difference / f32(PIXELS);
    }
    if (lane == 0u) {
      errors[map] = difference * difference;
    }
  }
  if (lane == 0u) {
    loss[0] = weighted;
  }
}

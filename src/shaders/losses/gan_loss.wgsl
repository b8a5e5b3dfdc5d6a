// The L1 least-squares GAN loss on logits: loss = Σ_n weight[n] · mean_p |sigmoid(logits[n][p]) − target[n]|,
// and its gradient with respect to the logits. A single workgroup. ITEMS is 1 or 2.

override ITEMS: u32;
override PIXELS: u32;
override TARGET_0: f32;
override TARGET_1: f32 = 0;
override WEIGHT_0: f32 = 1;
override WEIGHT_1: f32 = 0;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read_write> loss: array<f32>;
@group(0) @binding(2) var<storage, read_write> gradient: array<f32>;

//#include "../parts/lane_sum.wgsl" gives lane_sum.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var i = lane; i < ITEMS * PIXELS; i += WORKGROUP) {
    let first = i < PIXELS;
    let weight = select(WEIGHT_1, WEIGHT_0, first) / f32(PIXELS);
    let probability = 1.0 / (1.0 + exp(-logits[i]));
    let difference = probability - select(TARGET_1, TARGET_0, first);
    sum = fma(weight, abs(difference), sum);
    gradient[i] = weight * sign(difference) * probability * (1.0 - probability);
  }
  let total = lane_sum(sum, lane);
  if (lane == 0u) {
    loss[0] = total;
  }
}

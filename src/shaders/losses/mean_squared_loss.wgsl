// weights[counter.step] · mean (x − reference)², and its gradient with respect to x. A single workgroup.

override COUNT: u32;
override WORKGROUP: u32 = 64;

//#include "../parts/counter.wgsl" gives Counter.

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> reference: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read> counter: Counter;
@group(0) @binding(4) var<storage, read_write> loss: array<f32>;
@group(0) @binding(5) var<storage, read_write> gradient: array<f32>;

//#include "../parts/lane_sum.wgsl" gives lane_sum.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  let weight = weights[counter.step] / f32(COUNT);
  var sum = 0.0;
  for (var i = lane; i < COUNT; i += WORKGROUP) {
    let difference = x[i] - reference[i];
    sum = fma(difference, difference, sum);
    gradient[i] = 2.0 * weight * difference;
  }
  let total = lane_sum(sum, lane);
  if (lane == 0u) {
    loss[0] = weight * total;
  }
}

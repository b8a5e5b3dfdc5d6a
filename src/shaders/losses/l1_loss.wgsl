// loss = Σ |x − reference|.

override COUNT: u32;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> reference: array<f32>;
@group(0) @binding(2) var<storage, read_write> loss: array<f32>;

//#include "../parts/lane_sum.wgsl" gives lane_sum.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var i = lane; i < COUNT; i += WORKGROUP) {
    sum += abs(x[i] - reference[i]);
  }
  let total = lane_sum(sum, lane);
  if (lane == 0u) {
    loss[0] = total;
  }
}

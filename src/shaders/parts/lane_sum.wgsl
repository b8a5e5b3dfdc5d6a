var<workgroup> sums: array<f32, WORKGROUP>;

// The sum over the lanes, for lane 0 alone; zero for the others.
fn lane_sum(value: f32, lane: u32) -> f32 {
  sums[lane] = value;
  workgroupBarrier();
  var total = 0.0;
  if (lane == 0u) {
    for (var i = 0u; i < WORKGROUP; i++) {
      total += sums[i];
    }
  }
  return total;
}

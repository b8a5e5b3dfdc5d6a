var<workgroup> sums: array<f32, WORKGROUP>;

// The sum over the lanes, for all of them.
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

var<workgroup> partial: array<mat2x4f, WORKGROUP>;

// The sum over the lanes, for all of them: over pairs of lanes, then over pairs of pairs, and so on, so that
// no lane adds up the others alone, and little is lost to rounding. WORKGROUP is a power of two.
fn lane_totals(value: mat2x4f, lane: u32) -> mat2x4f {
  workgroupBarrier();
  partial[lane] = value;
  for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      partial[lane] += partial[lane + half];
    }
  }
  workgroupBarrier();
  return partial[0];
}

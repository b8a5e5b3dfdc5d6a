// y ← y + WEIGHT · min(1, LIMIT / ‖x‖) · x; y stays as it is where ‖x‖ is not finite. One workgroup.

override COUNT: u32;
override WEIGHT: f32;
override LIMIT: f32;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;

var<workgroup> sums: array<f32, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  var squares = 0.0;
  for (var i = lane; i < COUNT / 4u; i += WORKGROUP) {
    squares += dot(x[i], x[i]);
  }
  sums[lane] = squares;
  workgroupBarrier();
  var total = 0.0;
  for (var i = 0u; i < WORKGROUP; i++) {
    total += sums[i];
  }
  // No comparison holds for NaN, and a compiler may take it that there are none: so the bits are asked.
  if ((bitcast<u32>(total) & 0x7f800000u) == 0x7f800000u) {
    return;
  }
  let scale = WEIGHT * min(1.0, LIMIT / max(sqrt(total), 1e-12));
  for (var i = lane; i < COUNT / 4u; i += WORKGROUP) {
    y[i] += scale * x[i];
  }
}

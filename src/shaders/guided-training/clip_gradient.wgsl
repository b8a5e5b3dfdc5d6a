// Shortens a gradient that is longer than LIMIT to that length, as PyTorch does: g ← g · min(1, LIMIT / (‖g‖ + 1e-6)). A single
// workgroup.

override COUNT: u32;
override LIMIT: f32;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read_write> g: array<f32>;

//#include "../parts/total.wgsl" gives total.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var i = lane; i < COUNT; i += WORKGROUP) {
    sum = fma(g[i], g[i], sum);
  }
  let factor = min(1.0, LIMIT / (sqrt(total(sum, lane)) + 1e-6));
  for (var i = lane; i < COUNT; i += WORKGROUP) {
    g[i] *= factor;
  }
}

// Gradients of planes' factors and shifts: dfactors[m] = Σ_p dy[m][p] · x[m][p], dshifts[m] = Σ_p dy[m][p]. One workgroup a plane.

override PIXELS: u32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> dfactors: array<f32>;
@group(0) @binding(3) var<storage, read_write> dshifts: array<f32>;

//#include "../parts/total.wgsl" gives total.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let plane = group.x * PIXELS;
  var products = 0.0;
  var sum = 0.0;
  for (var p = lane; p < PIXELS; p += WORKGROUP) {
    products = fma(dy[plane + p], x[plane + p], products);
    sum += dy[plane + p];
  }
  var factor = total(products, lane);
  var shift = total(sum, lane);
  if (lane == 0u) {
    if (ACCUMULATE) {
      factor += dfactors[group.x];
      shift += dshifts[group.x];
    }
    dfactors[group.x] = factor;
    dshifts[group.x] = shift;
  }
}

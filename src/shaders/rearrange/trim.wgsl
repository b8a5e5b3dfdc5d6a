// The top left corner of each plane, or the plane padded with zeros on the right and below:
//   y[p][r][k] = x[p][r][k] where x has that pixel, else 0.
// Each is the other's gradient.

override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

struct Sizes {
  height: u32,
  width: u32,
  out_height: u32,
  out_width: u32,
}

@group(0) @binding(0) var<storage, read> sizes: Sizes;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= sizes.out_height * sizes.out_width) {
    return;
  }
  let row = id.x / sizes.out_width;
  let column = id.x % sizes.out_width;
  var value = 0.0;
  if (row < sizes.height && column < sizes.width) {
    value = x[(id.y * sizes.height + row) * sizes.width + column];
  }
  let index = id.y * sizes.out_height * sizes.out_width + id.x;
  if (ACCUMULATE) {
    y[index] += value;
  } else {
    y[index] = value;
  }
}

// Gradient of pad_replicate with respect to x: a pixel gathers from its copies.

//#include "parts/padded_sizes.wgsl" gives CHANNELS, EXTRA and sizes.

override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= sizes.height * sizes.width) {
    return;
  }
  let c = id.y % CHANNELS;
  let n = id.y / CHANNELS;
  let row = id.x / sizes.width;
  let column = id.x % sizes.width;
  let rows = select(1u, sizes.out_height - row, row + 1u == sizes.height);
  let columns = select(1u, sizes.out_width - column, column + 1u == sizes.width);
  let plane = (n * select(CHANNELS, CHANNELS + 1u, EXTRA) + c) * sizes.out_height;
  var sum = 0.0;
  for (var r = row; r < row + rows; r++) {
    for (var k = column; k < column + columns; k++) {
      sum += dy[(plane + r) * sizes.out_width + k];
    }
  }
  let index = id.y * sizes.height * sizes.width + id.x;
  if (ACCUMULATE) {
    dx[index] += sum;
  } else {
    dx[index] = sum;
  }
}

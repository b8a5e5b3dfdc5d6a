// Columns of a convolution, which make it a matrix product:
//   out[n][(i·KERNEL_HEIGHT + ky)·KERNEL_WIDTH + kx][r·OUT_WIDTH + c]
//     = x[n][i][r·STRIDE + ky − PADDING][c·STRIDE + kx − PADDING].
// Outside the image, x wraps around (CIRCULAR) or is zero. An invocation writes the taps of one row of the kernel.

override INPUTS: u32;
//#include "parts/conv2d_columns_sizes.wgsl" gives HEIGHT to OUT_WIDTH, STRIDE, PADDING and CIRCULAR.
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;

//#include "parts/wrap.wgsl" gives wrap.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pixels = OUT_HEIGHT * OUT_WIDTH;
  if (id.x >= pixels) {
    return;
  }
  let plane = id.z * INPUTS + id.y / KERNEL_HEIGHT;
  var row = i32(id.x / OUT_WIDTH * STRIDE + id.y % KERNEL_HEIGHT) - i32(PADDING);
  let left = i32(id.x % OUT_WIDTH * STRIDE) - i32(PADDING);
  if (CIRCULAR) {
    row = wrap(row, i32(HEIGHT));
  }
  let is_row = row >= 0 && row < i32(HEIGHT);
  let source = (plane * HEIGHT + u32(clamp(row, 0, i32(HEIGHT) - 1))) * WIDTH;
  var result = (id.z * INPUTS * KERNEL_HEIGHT + id.y) * KERNEL_WIDTH * pixels + id.x;
  for (var kx = 0; kx < i32(KERNEL_WIDTH); kx++) {
    var column = left + kx;
    if (CIRCULAR) {
      column = wrap(column, i32(WIDTH));
    }
    let within = is_row && column >= 0 && column < i32(WIDTH);
    out[result] = select(0.0, x[source + u32(clamp(column, 0, i32(WIDTH) - 1))], within);
    result += pixels;
  }
}

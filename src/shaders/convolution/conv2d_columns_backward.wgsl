// Gradient of conv2d_columns: each pixel of x gathers from every column that it was written to. No tap reads a pixel twice,
// since PADDING is less than half of the kernel where the image wraps around.

//#include "parts/conv2d_columns_sizes.wgsl" gives HEIGHT to OUT_WIDTH, STRIDE, PADDING and CIRCULAR.
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> columns: array<f32>;
@group(0) @binding(1) var<storage, read_write> dx: array<f32>;

// The output that reads a place of the image by a tap, times STRIDE; negative or beyond the end if none does.
fn reader(place: u32, tap: u32, size: u32, outputs: u32) -> i32 {
  let at = i32(place + PADDING) - i32(tap);
  if (!CIRCULAR) {
    return at;
  }
  return select(select(at, at - i32(size), at > i32((outputs - 1u) * STRIDE)), at + i32(size), at < 0);
}

fn is_output(at: i32, outputs: u32) -> bool {
  return at >= 0 && at <= i32((outputs - 1u) * STRIDE) && at % i32(STRIDE) == 0;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= HEIGHT * WIDTH) {
    return;
  }
  let pixels = OUT_HEIGHT * OUT_WIDTH;
  var sum = 0.0;
  for (var ky = 0u; ky < KERNEL_HEIGHT; ky++) {
    let row = reader(id.x / WIDTH, ky, HEIGHT, OUT_HEIGHT);
    if (!is_output(row, OUT_HEIGHT)) {
      continue;
    }
    let first = ((id.y * KERNEL_HEIGHT + ky) * KERNEL_WIDTH) * pixels + u32(row) / STRIDE * OUT_WIDTH;
    for (var kx = 0u; kx < KERNEL_WIDTH; kx++) {
      let column = reader(id.x % WIDTH, kx, WIDTH, OUT_WIDTH);
      if (is_output(column, OUT_WIDTH)) {
        sum += columns[first + kx * pixels + u32(column) / STRIDE];
      }
    }
  }
  let index = id.y * HEIGHT * WIDTH + id.x;
  if (ACCUMULATE) {
    sum += dx[index];
  }
  dx[index] = sum;
}

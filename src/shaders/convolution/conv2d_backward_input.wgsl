// Gradient of conv2d with respect to x. Each pixel of x gathers from every output pixel that read it or, with
// circular padding, one of its copies beyond the borders.

//#include "parts/conv2d_sizes.wgsl" gives INPUTS, OUTPUTS, HEIGHT to OUT_WIDTH, STRIDE, PADDING and CIRCULAR.
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read> w: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= HEIGHT * WIDTH) {
    return;
  }
  let i = id.y % INPUTS;
  let n = id.y / INPUTS;
  let copies = select(0, 1, CIRCULAR);
  let taps = KERNEL_HEIGHT * KERNEL_WIDTH;
  var sum = 0.0;
  for (var copy_y = -copies; copy_y <= copies; copy_y++) {
    for (var copy_x = -copies; copy_x <= copies; copy_x++) {
      let row = i32(id.x / WIDTH) + copy_y * i32(HEIGHT) + i32(PADDING);
      let column = i32(id.x % WIDTH) + copy_x * i32(WIDTH) + i32(PADDING);
      for (var ky = 0u; ky < KERNEL_HEIGHT; ky++) {
        let r = row - i32(ky);
        if (r < 0 || r % i32(STRIDE) != 0 || r / i32(STRIDE) >= i32(OUT_HEIGHT)) {
          continue;
        }
        for (var kx = 0u; kx < KERNEL_WIDTH; kx++) {
          let c = column - i32(kx);
          if (c < 0 || c % i32(STRIDE) != 0 || c / i32(STRIDE) >= i32(OUT_WIDTH)) {
            continue;
          }
          var tap = (i * KERNEL_HEIGHT + ky) * KERNEL_WIDTH + kx;
          var source = (n * OUTPUTS * OUT_HEIGHT + u32(r) / STRIDE) * OUT_WIDTH + u32(c) / STRIDE;
          for (var o = 0u; o < OUTPUTS; o++) {
            sum = fma(w[tap], dy[source], sum);
            tap += INPUTS * taps;
            source += OUT_HEIGHT * OUT_WIDTH;
          }
        }
      }
    }
  }
  let index = id.y * HEIGHT * WIDTH + id.x;
  if (ACCUMULATE) {
    dx[index] += sum;
  } else {
    dx[index] = sum;
  }
}

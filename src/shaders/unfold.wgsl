// Columns of a valid convolution: out[n][(c·SIZE + ky)·SIZE + kx][y·OUT_WIDTH + x] = in[n][c][y + ky][x + kx].
// Rows of `out` past the last tap (TAPS is padded to a multiple of 4) are zero.

override CHANNELS: u32;
override HEIGHT: u32;
override WIDTH: u32;
override SIZE: u32;
override TAPS: u32;
override BATCH: u32;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let out_width = WIDTH - SIZE + 1u;
  let pixels = (HEIGHT - SIZE + 1u) * out_width;
  if (id.x >= BATCH * TAPS * pixels) {
    return;
  }
  let pixel = id.x % pixels;
  let tap = (id.x / pixels) % TAPS;
  let n = id.x / (pixels * TAPS);
  var value = 0.0;
  if (tap < CHANNELS * SIZE * SIZE) {
    let row = pixel / out_width + (tap / SIZE) % SIZE;
    let column = pixel % out_width + tap % SIZE;
    value = x[((n * CHANNELS + tap / (SIZE * SIZE)) * HEIGHT + row) * WIDTH + column];
  }
  out[id.x] = value;
}

// Columns of a valid convolution:
//   out[n][(c·SIZE + ky)·SIZE + kx][y·OUT_WIDTH + x] = in[n][c][y + ky][x + kx].
// An invocation writes the SIZE taps of one row of the window. Rows of `out` past the last tap (TAPS is a
// multiple of 4) are never written and stay zero.

override CHANNELS: u32;
override HEIGHT: u32;
override WIDTH: u32;
override SIZE: u32;
override TAPS: u32;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let out_width = WIDTH - SIZE + 1u;
  let pixels = (HEIGHT - SIZE + 1u) * out_width;
  if (id.x >= pixels) {
    return;
  }
  let ky = id.y % SIZE;
  let plane = id.z * CHANNELS + id.y / SIZE;
  let source = (plane * HEIGHT + id.x / out_width + ky) * WIDTH + id.x % out_width;
  let result = (id.z * TAPS + id.y * SIZE) * pixels + id.x;
  for (var kx = 0u; kx < SIZE; kx++) {
    out[result + kx * pixels] = x[source + kx];
  }
}

// Gradient of unfold:
//   dx[n][c][y][x] = Σ_{ky,kx} columns[n][(c·SIZE + ky)·SIZE + kx][(y − ky)·OUT_WIDTH + x − kx].

override CHANNELS: u32;
override HEIGHT: u32;
override WIDTH: u32;
override SIZE: u32;
override TAPS: u32;
override BATCH: u32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> columns: array<f32>;
@group(0) @binding(1) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let index = id.y * workgroups.x * WORKGROUP + id.x;
  if (index >= BATCH * CHANNELS * HEIGHT * WIDTH) {
    return;
  }
  let out_height = HEIGHT - SIZE + 1u;
  let out_width = WIDTH - SIZE + 1u;
  let pixels = out_height * out_width;
  let x = index % WIDTH;
  let y = (index / WIDTH) % HEIGHT;
  let channel = (index / (WIDTH * HEIGHT)) % CHANNELS;
  let n = index / (WIDTH * HEIGHT * CHANNELS);
  // ky runs over the taps with y − ky inside the output; likewise kx.
  let first_ky = u32(max(0, i32(y) - i32(out_height) + 1));
  let first_kx = u32(max(0, i32(x) - i32(out_width) + 1));
  var sum = 0.0;
  for (var ky = first_ky; ky <= min(y, SIZE - 1u); ky++) {
    for (var kx = first_kx; kx <= min(x, SIZE - 1u); kx++) {
      let tap = (channel * SIZE + ky) * SIZE + kx;
      sum += columns[(n * TAPS + tap) * pixels + (y - ky) * out_width + x - kx];
    }
  }
  if (ACCUMULATE) {
    dx[index] += sum;
  } else {
    dx[index] = sum;
  }
}

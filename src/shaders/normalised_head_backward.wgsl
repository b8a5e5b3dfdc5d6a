// Gradient of project with respect to x: dx[n][c][p] = w[n][c] · dy[n][p]. PIXELS is a multiple of 4.

override CHANNELS: u32;
override PIXELS: u32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> dy: array<vec4f>;
@group(0) @binding(1) var<storage, read> w: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= CHANNELS * PIXELS / 4u) {
    return;
  }
  let n = id.y;
  let value = w[n * CHANNELS + id.x / (PIXELS / 4u)] * dy[n * (PIXELS / 4u) + id.x % (PIXELS / 4u)];
  let index = n * CHANNELS * (PIXELS / 4u) + id.x;
  if (ACCUMULATE) {
    dx[index] += value;
  } else {
    dx[index] = value;
  }
}

// Gradient of guided_picture.wgsl with respect to the network's planes: dx[n][(c·SCALE + i)·SCALE + j][r][x] =
// dy[n][c][(SCALE·r + i + down) mod H][(SCALE·x + j + right) mod W].

override SCALE: u32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

struct Sizes {
  // Of the small image.
  height: u32,
  width: u32,
  down: u32,
  right: u32,
}

@group(0) @binding(0) var<storage, read> sizes: Sizes;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pixels = sizes.height * sizes.width;
  if (id.x >= pixels) {
    return;
  }
  let height = sizes.height * SCALE;
  let width = sizes.width * SCALE;
  let phase = id.y % (SCALE * SCALE);
  let row = (id.x / sizes.width * SCALE + phase / SCALE + sizes.down) % height;
  let column = (id.x % sizes.width * SCALE + phase % SCALE + sizes.right) % width;
  let slope = dy[(id.y / (SCALE * SCALE) * height + row) * width + column];
  let index = id.y * pixels + id.x;
  if (ACCUMULATE) {
    dx[index] += slope;
  } else {
    dx[index] = slope;
  }
}

// Pixels of a large grid as planes of a small one: y[m][i·SCALE + j][r][c] = x[m][SCALE·r + i][SCALE·c + j].

override SCALE: u32;
override HEIGHT: u32;
override WIDTH: u32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= HEIGHT * WIDTH) {
    return;
  }
  let phase = id.y % (SCALE * SCALE);
  let row = id.x / WIDTH * SCALE + phase / SCALE;
  let column = id.x % WIDTH * SCALE + phase % SCALE;
  let plane = id.y / (SCALE * SCALE);
  var value = x[(plane * HEIGHT * SCALE + row) * WIDTH * SCALE + column];
  let index = id.y * HEIGHT * WIDTH + id.x;
  if (ACCUMULATE) {
    value += y[index];
  }
  y[index] = value;
}

// Planes of a small grid as pixels of a large one, from plane FIRST of each image's CHANNELS on:
//   y[n][c][R][C] = FACTOR · x[n][FIRST + (c·SCALE + R mod SCALE)·SCALE + C mod SCALE][⌊R / SCALE⌋][⌊C / SCALE⌋] for three colors c.

override SCALE: u32;
override HEIGHT: u32;
override WIDTH: u32;
override CHANNELS: u32;
override FIRST: u32 = 0;
override FACTOR: f32 = 1;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pixels = HEIGHT * WIDTH * SCALE * SCALE;
  if (id.x >= pixels) {
    return;
  }
  let row = id.x / (WIDTH * SCALE);
  let column = id.x % (WIDTH * SCALE);
  let n = id.y / 3u;
  let channel = n * CHANNELS + FIRST + (id.y % 3u * SCALE + row % SCALE) * SCALE + column % SCALE;
  var value = FACTOR * x[(channel * HEIGHT + row / SCALE) * WIDTH + column / SCALE];
  let index = id.y * pixels + id.x;
  if (ACCUMULATE) {
    value += y[index];
  }
  y[index] = value;
}

// What the guided network sees, on the small image's grid: the small image less CENTER, and CONTRAST times what two large guesses
// (or one) have beyond it, each guess with its SCALE² pixels of a small one as planes (pixel-unshuffle):
//   y[n][c] = small[n][c] − CENTER,  y[n][3 + ((g·3 + c)·SCALE + i)·SCALE + j][r][x] = CONTRAST · (guess[g][n][c][SCALE·r + i][SCALE·x + j] − small[n][c][r][x]).

override SCALE: u32;
override CENTER: f32;
override CONTRAST: f32;
override WORKGROUP: u32 = 64;

struct Size {
  // Of the small image.
  height: u32,
  width: u32,
  // Of the result.
  channels: u32,
}

@group(0) @binding(0) var<storage, read> size: Size;
@group(0) @binding(1) var<storage, read> small: array<f32>;
@group(0) @binding(2) var<storage, read> sharp: array<f32>;
@group(0) @binding(3) var<storage, read> calm: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pixels = size.height * size.width;
  if (id.x >= pixels) {
    return;
  }
  let n = id.y / size.channels;
  let channel = id.y % size.channels;
  let index = id.y * pixels + id.x;
  if (channel < 3u) {
    y[index] = small[(n * 3u + channel) * pixels + id.x] - CENTER;
    return;
  }
  let part = channel - 3u;
  let phase = part % (SCALE * SCALE);
  let color = part / (SCALE * SCALE) % 3u;
  let plane = n * 3u + color;
  let row = id.x / size.width * SCALE + phase / SCALE;
  let column = id.x % size.width * SCALE + phase % SCALE;
  let source = (plane * size.height * SCALE + row) * size.width * SCALE + column;
  var guess = sharp[source];
  if (part >= 3u * SCALE * SCALE) {
    guess = calm[source];
  }
  y[index] = CONTRAST * (guess - small[plane * pixels + id.x]);
}

// What small images say beyond others, zero at the rim, where the blur mixes in what is not known: y[m] = known[m] − x[m] at least
// RIM pixels from the border. Without KNOWN, known is taken as zero: the gradient dx of dy.

override HEIGHT: u32;
override WIDTH: u32;
override RIM: u32;
override KNOWN: bool = true;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> known: array<f32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= HEIGHT * WIDTH) {
    return;
  }
  let row = id.x / WIDTH;
  let column = id.x % WIDTH;
  let index = id.y * HEIGHT * WIDTH + id.x;
  var value = 0.0;
  if (min(row, column) >= RIM && row + RIM < HEIGHT && column + RIM < WIDTH) {
    value = -x[index];
    if (KNOWN) {
      value += known[index];
    }
  }
  if (ACCUMULATE) {
    value += y[index];
  }
  y[index] = value;
}

// Gradient of crop: that of the window at its place, zero elsewhere.

//#include "parts/window.wgsl" gives HEIGHT to MARGIN, and Counter.

override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> dout: array<f32>;
@group(0) @binding(1) var<storage, read> offsets: array<vec2u>;
@group(0) @binding(2) var<storage, read> counter: Counter;
@group(0) @binding(3) var<storage, read_write> dsource: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= WIDTH) {
    return;
  }
  let corner = SCALE * offsets[counter.step];
  let x = (id.x + MARGIN + WIDTH - corner.y) % WIDTH;
  let y = (id.y + MARGIN + HEIGHT - corner.x) % HEIGHT;
  var value = 0.0;
  if (x < OUT_WIDTH && y < OUT_HEIGHT) {
    value = dout[(id.z * OUT_HEIGHT + y) * OUT_WIDTH + x];
  }
  let place = (id.z * HEIGHT + id.y) * WIDTH + id.x;
  if (ACCUMULATE) {
    dsource[place] += value;
  } else {
    dsource[place] = value;
  }
}

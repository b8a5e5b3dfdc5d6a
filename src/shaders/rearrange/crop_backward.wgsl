// Gradient of crop: that of the window at its place, zero elsewhere.

//#include "parts/window.wgsl" gives PLANES to MARGIN, and Counter.

override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> dout: array<f32>;
@group(0) @binding(1) var<storage, read> offsets: array<vec2u>;
@group(0) @binding(2) var<storage, read> counter: Counter;
@group(0) @binding(3) var<storage, read_write> dsource: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= PLANES * HEIGHT * WIDTH) {
    return;
  }
  let corner = SCALE * offsets[counter.step];
  let x = (id.x % WIDTH + MARGIN + WIDTH - corner.y) % WIDTH;
  let y = (id.x / WIDTH % HEIGHT + MARGIN + HEIGHT - corner.x) % HEIGHT;
  let plane = id.x / (WIDTH * HEIGHT);
  var value = 0.0;
  if (x < OUT_WIDTH && y < OUT_HEIGHT) {
    value = dout[(plane * OUT_HEIGHT + y) * OUT_WIDTH + x];
  }
  if (ACCUMULATE) {
    dsource[id.x] += value;
  } else {
    dsource[id.x] = value;
  }
}

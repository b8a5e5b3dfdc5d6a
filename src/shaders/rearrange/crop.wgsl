// The window of a step, with (top, left) = offsets[counter.step]:
//   out[plane][y][x] = source[plane][SCALE · top − MARGIN + y][SCALE · left − MARGIN + x].
// Beyond its borders the source wraps around.

//#include "parts/window.wgsl" gives HEIGHT to MARGIN, and Counter.

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> source: array<f32>;
@group(0) @binding(1) var<storage, read> offsets: array<vec2u>;
@group(0) @binding(2) var<storage, read> counter: Counter;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= OUT_WIDTH) {
    return;
  }
  let corner = SCALE * offsets[counter.step];
  let x = (corner.y + WIDTH - MARGIN + id.x) % WIDTH;
  let y = (corner.x + HEIGHT - MARGIN + id.y) % HEIGHT;
  out[(id.z * OUT_HEIGHT + id.y) * OUT_WIDTH + id.x] = source[(id.z * HEIGHT + y) * WIDTH + x];
}

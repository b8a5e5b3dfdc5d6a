// y[plane][r][c] = x[plane][⌊r / SCALE⌋][⌊c / SCALE⌋].

override SCALE: u32;
override WORKGROUP: u32 = 64;

struct Size {
  height: u32,
  width: u32,
}

// Of x.
@group(0) @binding(0) var<storage, read> size: Size;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let width = size.width * SCALE;
  if (id.x >= size.height * SCALE * width) {
    return;
  }
  let source = (id.y * size.height + id.x / width / SCALE) * size.width + id.x % width / SCALE;
  y[id.y * size.height * SCALE * width + id.x] = x[source];
}

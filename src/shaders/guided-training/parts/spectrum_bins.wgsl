// HEIGHT and WIDTH are those of the small images; CHANNELS of them share a kernel.
override SCALE: u32;
override HEIGHT: u32;
override WIDTH: u32;
override CHANNELS: u32;
override FACTOR: f32;
override COUNTED: bool = false;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<vec2f>;
@group(0) @binding(1) var<storage, read> blur: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec2f>;

fn times(a: vec2f, b: vec2f) -> vec2f {
  return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

fn conjugate(value: vec2f) -> vec2f {
  return vec2f(value.x, -value.y);
}

// How many bins of the whole spectrum a stored one stands for.
fn bin_count(column: u32, width: u32) -> f32 {
  return select(2.0, 1.0, column == 0u || 2u * column == width);
}

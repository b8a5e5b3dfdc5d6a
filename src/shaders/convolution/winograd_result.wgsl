// The result of a 3×3 convolution, 4×4 pixels of a channel from each tile of products m: y = b + Aᵀ m A, then ReLU, or added to y.

//#include "parts/winograd_tiles.wgsl" gives A, B, shape and find_tile.

override BIASED: bool = false;
override RELU: bool = false;
override ADDED: bool = false;

@group(0) @binding(1) var<storage, read> tiles: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

// Aᵀ m, of two columns.
fn restored(m0: vec2f, m1: vec2f, m2: vec2f, m3: vec2f, m4: vec2f, m5: vec2f) -> array<vec2f, 4> {
  let a = m1 + m2;
  let odd_a = A * (m1 - m2);
  let b = m3 + m4;
  let odd_b = B * (m3 - m4);
  return array<vec2f, 4>(m0 + a + b, odd_a + odd_b, 0.5 * a + 2.0 * b, 0.5 * odd_a + 2.0 * odd_b + m5);
}

fn two(place: u32, step: u32) -> vec2f {
  return vec2f(tiles[place], tiles[place + step]);
}

fn two_columns(place: u32, step: u32) -> array<vec2f, 4> {
  return restored(
    two(place, step), two(place + 6u * step, step), two(place + 12u * step, step),
    two(place + 18u * step, step), two(place + 24u * step, step), two(place + 30u * step, step));
}

fn put(plane: u32, row: u32, column: u32, value: f32) {
  if (row >= shape.height || column >= shape.width) {
    return;
  }
  let index = (plane * shape.height + row) * shape.width + column;
  var result = value;
  if (RELU) {
    result = max(result, 0.0);
  }
  if (ADDED) {
    result += y[index];
  }
  y[index] = result;
}

// Stores two rows, of which three pairs of columns are given.
fn store(plane: u32, row: u32, column: u32, b: f32, left: mat2x2f, middle: mat2x2f, right: mat2x2f) {
  let l = transpose(left);
  let m = transpose(middle);
  let r = transpose(right);
  let z = restored(l[0], l[1], m[0], m[1], r[0], r[1]);
  put(plane, row, column, z[0].x + b);
  put(plane, row, column + 1u, z[1].x + b);
  put(plane, row, column + 2u, z[2].x + b);
  put(plane, row, column + 3u, z[3].x + b);
  put(plane, row + 1u, column, z[0].y + b);
  put(plane, row + 1u, column + 1u, z[1].y + b);
  put(plane, row + 1u, column + 2u, z[2].y + b);
  put(plane, row + 1u, column + 3u, z[3].y + b);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= shape.count) {
    return;
  }
  let step = shape.rows * shape.pitch;
  let place = id.y * shape.pitch + id.x;
  let l = two_columns(place, step);
  let m = two_columns(place + 2u * step, step);
  let r = two_columns(place + 4u * step, step);
  let tile = find_tile(shape.first + id.x);
  let plane = tile.x * shape.channels + id.y;
  var b = 0.0;
  if (BIASED) {
    b = bias[id.y];
  }
  store(plane, tile.y, tile.z, b, mat2x2f(l[0], l[1]), mat2x2f(m[0], m[1]), mat2x2f(r[0], r[1]));
  store(plane, tile.y + 2u, tile.z, b, mat2x2f(l[2], l[3]), mat2x2f(m[2], m[3]), mat2x2f(r[2], r[3]));
}

// The image's part of a 3×3 convolution: tiles[u][i][t] = (Bᵀ d B)[⌊u / 6⌋][u mod 6] of the 6×6 pixels d that tile t sees of channel i: its own
// 4×4 and one more on each side, zeros beyond the border. Rows of `tiles` past the last channel become zero.

//#include "parts/winograd_tiles.wgsl" gives A, B, shape and find_tile.

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> tiles: array<f32>;

// Bᵀ d, of three columns.
fn transformed(d0: vec3f, d1: vec3f, d2: vec3f, d3: vec3f, d4: vec3f, d5: vec3f) -> array<vec3f, 6> {
  let a = d4 - 2.0 * d2;
  let odd_a = A * (d3 - 2.0 * d1);
  let b = d4 - 0.5 * d2;
  let odd_b = B * (d3 - 0.5 * d1);
  return array<vec3f, 6>(d0 - 2.5 * d2 + d4, a + odd_a, a - odd_a, b + odd_b, b - odd_b, d1 - 2.5 * d3 + d5);
}

// Three pixels of a row. Rows and columns count from 1; those beyond the border read the nearest pixel, times zero.
fn pixels(plane: u32, row: u32, column: u32) -> vec3f {
  let inner_row = clamp(row, 1u, shape.height);
  let columns = column + vec3u(0u, 1u, 2u);
  let inner = clamp(columns, vec3u(1u), vec3u(shape.width));
  let line = (plane * shape.height + inner_row - 1u) * shape.width - 1u;
  let values = vec3f(x[line + inner.x], x[line + inner.y], x[line + inner.z]);
  return values * select(vec3f(), vec3f(select(0.0, 1.0, row == inner_row)), columns == inner);
}

fn three_columns(plane: u32, row: u32, column: u32) -> array<vec3f, 6> {
  return transformed(
    pixels(plane, row, column), pixels(plane, row + 1u, column), pixels(plane, row + 2u, column),
    pixels(plane, row + 3u, column), pixels(plane, row + 4u, column), pixels(plane, row + 5u, column));
}

fn put(place: u32, step: u32, value: vec3f) {
  tiles[place] = value.x;
  tiles[place + 6u * step] = value.y;
  tiles[place + 12u * step] = value.z;
}

// Transforms and stores three rows, of which the left and right halves are given.
fn store(place: u32, step: u32, left: mat3x3f, right: mat3x3f) {
  let l = transpose(left);
  let r = transpose(right);
  let z = transformed(l[0], l[1], l[2], r[0], r[1], r[2]);
  put(place, step, z[0]);
  put(place + step, step, z[1]);
  put(place + 2u * step, step, z[2]);
  put(place + 3u * step, step, z[3]);
  put(place + 4u * step, step, z[4]);
  put(place + 5u * step, step, z[5]);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= shape.count) {
    return;
  }
  let step = shape.rows * shape.pitch;
  let place = id.y * shape.pitch + id.x;
  if (id.y >= shape.channels) {
    for (var u = 0u; u < 36u; u++) {
      tiles[place + u * step] = 0.0;
    }
    return;
  }
  let tile = find_tile(shape.first + id.x);
  let plane = tile.x * shape.channels + id.y;
  let l = three_columns(plane, tile.y, tile.z);
  let r = three_columns(plane, tile.y, tile.z + 3u);
  store(place, step, mat3x3f(l[0], l[1], l[2]), mat3x3f(r[0], r[1], r[2]));
  store(place + 18u * step, step, mat3x3f(l[3], l[4], l[5]), mat3x3f(r[3], r[4], r[5]));
}

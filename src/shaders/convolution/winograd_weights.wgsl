// The weights' part of a 3×3 convolution: packed[u][o][i] = (G g Gᵀ)[⌊u / 6⌋][u mod 6] of the kernel g from input i to output o, or
// packed[u][i][o] if TRANSPOSED. ROWS and COLUMNS are outputs and inputs padded with zeros.

//#include "parts/winograd.wgsl" gives A and B.

override INPUTS: u32;
override OUTPUTS: u32;
override ROWS: u32;
override COLUMNS: u32;
override TRANSPOSED: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> w: array<f32>;
@group(0) @binding(1) var<storage, read_write> packed: array<f32>;

// G g, of three columns.
fn transformed(g0: vec3f, g1: vec3f, g2: vec3f) -> array<vec3f, 6> {
  let a = (g0 + 0.5 * g2) / -1.5;
  let odd_a = A / -1.5 * g1;
  let b = (g0 + 2.0 * g2) / 6.0;
  let odd_b = B / 6.0 * g1;
  return array<vec3f, 6>(g0, a + odd_a, a - odd_a, b + odd_b, b - odd_b, g2);
}

// A row of the kernel from input i to output o.
fn taps(o: u32, i: u32, row: u32) -> vec3f {
  if (o >= OUTPUTS || i >= INPUTS) {
    return vec3f();
  }
  let first = (o * INPUTS + i) * 9u + row * 3u;
  return vec3f(w[first], w[first + 1u], w[first + 2u]);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let o = id.x / COLUMNS;
  let i = id.x % COLUMNS;
  if (o >= ROWS) {
    return;
  }
  let step = ROWS * COLUMNS;
  let place = select(id.x, i * ROWS + o, TRANSPOSED);
  let g = transformed(taps(o, i, 0u), taps(o, i, 1u), taps(o, i, 2u));
  for (var row = 0u; row < 6u; row += 3u) {
    let columns = transpose(mat3x3f(g[row], g[row + 1u], g[row + 2u]));
    let three = transformed(columns[0], columns[1], columns[2]);
    for (var column = 0u; column < 6u; column++) {
      for (var j = 0u; j < 3u; j++) {
        packed[place + ((row + j) * 6u + column) * step] = three[column][j];
      }
    }
  }
}

// Muon (Jordan et al. 2024), one workgroup for each matrix: m ← β·m + (1 − β)·g, then p ← p − rate · SIZE · √columns · u, where
// u has about the singular vectors of β·m + (1 − β)·g, and singular values near 1: after X = that / its Frobenius norm, five
// times X ← a·X + (b·XXᵀ + c·(XXᵀ)²)·X.

override WORKGROUP: u32 = 64;

const MOMENTUM = 0.95;
const ITERATIONS = 5;
const A = 3.4445;
const B = -4.7750;
const C = 2.0315;
const FAINT = 1e-12;

// Root mean square of an update of a wide matrix, in rates.
const SIZE = 0.2;

// As in muon.ts.
const MAX_ROWS = 64u;

struct Matrix {
  start: u32,
  // Not more than columns.
  rows: u32,
  columns: u32,
}

//#include "../parts/counter.wgsl" gives Counter.

@group(0) @binding(0) var<storage, read> matrices: array<Matrix>;
@group(0) @binding(1) var<storage, read_write> p: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read_write> m: array<f32>;
// X, laid out as p.
@group(0) @binding(4) var<storage, read_write> x: array<f32>;
// XXᵀ of each matrix, and the polynomial of it.
@group(0) @binding(5) var<storage, read_write> squares: array<f32>;
@group(0) @binding(6) var<storage, read> rates: array<f32>;
@group(0) @binding(7) var<storage, read> counter: Counter;

//#include "../parts/total.wgsl" gives total.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) i: u32) {
  let matrix = matrices[group.x];
  let start = matrix.start;
  let rows = matrix.rows;
  let columns = matrix.columns;
  let end = start + rows * columns;
  let gram = 2u * MAX_ROWS * MAX_ROWS * group.x;
  let polynomial = gram + MAX_ROWS * MAX_ROWS;

  var sum = 0.0;
  for (var k = start + i; k < end; k += WORKGROUP) {
    m[k] += (1.0 - MOMENTUM) * (g[k] - m[k]);
    x[k] = g[k] + MOMENTUM * (m[k] - g[k]);
    sum += x[k] * x[k];
  }
  let factor = 1.0 / (sqrt(total(sum, i)) + FAINT);
  for (var k = start + i; k < end; k += WORKGROUP) {
    x[k] *= factor;
  }

  for (var iteration = 0; iteration < ITERATIONS; iteration++) {
    storageBarrier();
    for (var e = i; e < rows * rows; e += WORKGROUP) {
      let one = start + e / rows * columns;
      let other = start + e % rows * columns;
      var product = 0.0;
      for (var k = 0u; k < columns; k++) {
        product += x[one + k] * x[other + k];
      }
      squares[gram + e] = product;
    }
    storageBarrier();
    for (var e = i; e < rows * rows; e += WORKGROUP) {
      var square = 0.0;
      for (var k = 0u; k < rows; k++) {
        square += squares[gram + e / rows * rows + k] * squares[gram + k * rows + e % rows];
      }
      squares[polynomial + e] = B * squares[gram + e] + C * square;
    }
    storageBarrier();
    for (var column = start + i; column < start + columns; column += WORKGROUP) {
      var before: array<f32, MAX_ROWS>;
      for (var row = 0u; row < rows; row++) {
        before[row] = x[column + row * columns];
      }
      for (var row = 0u; row < rows; row++) {
        var after = A * before[row];
        for (var k = 0u; k < rows; k++) {
          after += squares[polynomial + row * rows + k] * before[k];
        }
        x[column + row * columns] = after;
      }
    }
  }
  storageBarrier();
  let step = rates[counter.step] * SIZE * sqrt(f32(columns));
  for (var k = start + i; k < end; k += WORKGROUP) {
    p[k] -= step * x[k];
  }
}

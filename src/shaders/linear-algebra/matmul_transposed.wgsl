// C[n] = A[n] · f(B[n])ᵀ: C is M×K, A is M×P, B is K×P; M, K and P are multiples of 4. If NORMALIZED, f takes
// B through BatchNorm by the statistics of its rows, and ReLU; else f(B) = B. A workgroup computes one 8×8
// tile of C: each lane sums over every WORKGROUP-th vec4 of P, and the partial sums are added at the end.

override M: u32;
override K: u32;
override P: u32;
override NORMALIZED: bool = false;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 32;

@group(0) @binding(0) var<storage, read> a: array<vec4f>;
@group(0) @binding(1) var<storage, read> b: array<vec4f>;
// [n][k] (mean, 1 / √(variance + ε), scale, beta)
@group(0) @binding(2) var<storage, read> statistics: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> c: array<vec4f>;

// Partial sums: 16 vec4 (row r of the tile in 2r and 2r + 1), one of each for every lane.
var<workgroup> partial: array<vec4f, 16u * WORKGROUP>;

fn keep(row: u32, lane: u32, left: vec4f, right: vec4f) {
  partial[2u * row * WORKGROUP + lane] = left;
  partial[(2u * row + 1u) * WORKGROUP + lane] = right;
}

fn statistics_of(n: u32, k: u32) -> vec4f {
  if (NORMALIZED) {
    return statistics[n * K + min(k, K - 1u)];
  }
  return vec4f();
}

//#include "parts/normalize.wgsl" gives normalize.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let k0 = group.x * 8u;
  let m0 = group.y * 8u;
  let n = group.z;
  let stride = P / 4u;
  // Groups of four rows past the end repeat the last ones, and their results are not stored.
  let a0 = (n * M + m0) * stride;
  let a4 = (n * M + min(m0 + 4u, M - 4u)) * stride;
  let b0 = (n * K + k0) * stride;
  let b4 = (n * K + min(k0 + 4u, K - 4u)) * stride;
  let norms = array<vec4f, 8>(
    statistics_of(n, k0), statistics_of(n, k0 + 1u), statistics_of(n, k0 + 2u), statistics_of(n, k0 + 3u),
    statistics_of(n, k0 + 4u), statistics_of(n, k0 + 5u), statistics_of(n, k0 + 6u), statistics_of(n, k0 + 7u),
  );
  var c0 = vec4f(); var d0 = vec4f();
  var c1 = vec4f(); var d1 = vec4f();
  var c2 = vec4f(); var d2 = vec4f();
  var c3 = vec4f(); var d3 = vec4f();
  var c4 = vec4f(); var d4 = vec4f();
  var c5 = vec4f(); var d5 = vec4f();
  var c6 = vec4f(); var d6 = vec4f();
  var c7 = vec4f(); var d7 = vec4f();
  for (var p = lane; p < stride; p += WORKGROUP) {
    // x * y gives the dot products of x with the columns of y, which are four rows of B.
    let y = mat4x4f(
      normalize(b[b0 + p], norms[0]),
      normalize(b[b0 + stride + p], norms[1]),
      normalize(b[b0 + 2u * stride + p], norms[2]),
      normalize(b[b0 + 3u * stride + p], norms[3]),
    );
    let z = mat4x4f(
      normalize(b[b4 + p], norms[4]),
      normalize(b[b4 + stride + p], norms[5]),
      normalize(b[b4 + 2u * stride + p], norms[6]),
      normalize(b[b4 + 3u * stride + p], norms[7]),
    );
    let x0 = a[a0 + p];
    c0 += x0 * y; d0 += x0 * z;
    let x1 = a[a0 + stride + p];
    c1 += x1 * y; d1 += x1 * z;
    let x2 = a[a0 + 2u * stride + p];
    c2 += x2 * y; d2 += x2 * z;
    let x3 = a[a0 + 3u * stride + p];
    c3 += x3 * y; d3 += x3 * z;
    let x4 = a[a4 + p];
    c4 += x4 * y; d4 += x4 * z;
    let x5 = a[a4 + stride + p];
    c5 += x5 * y; d5 += x5 * z;
    let x6 = a[a4 + 2u * stride + p];
    c6 += x6 * y; d6 += x6 * z;
    let x7 = a[a4 + 3u * stride + p];
    c7 += x7 * y; d7 += x7 * z;
  }
  keep(0u, lane, c0, d0);
  keep(1u, lane, c1, d1);
  keep(2u, lane, c2, d2);
  keep(3u, lane, c3, d3);
  keep(4u, lane, c4, d4);
  keep(5u, lane, c5, d5);
  keep(6u, lane, c6, d6);
  keep(7u, lane, c7, d7);
  workgroupBarrier();
  for (var slot = lane; slot < 16u; slot += WORKGROUP) {
    var sum = vec4f();
    for (var i = 0u; i < WORKGROUP; i++) {
      sum += partial[slot * WORKGROUP + i];
    }
    let m = m0 + slot / 2u;
    let k = k0 + (slot % 2u) * 4u;
    if (m < M && k < K) {
      let index = ((n * M + m) * K + k) / 4u;
      if (ACCUMULATE) {
        c[index] += sum;
      } else {
        c[index] = sum;
      }
    }
  }
}

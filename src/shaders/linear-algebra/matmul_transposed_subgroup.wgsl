enable subgroups;

// C[n] = A[n] · f(B[n])ᵀ: C is M×K, A is M×P, B is K×P; M, K and P are multiples of 4. If NORMALIZED, f takes
// B through BatchNorm by the statistics of its rows, and ReLU; else f(B) = B. For devices whose vector loads
// cost more than their arithmetic: LANES invocations of one subgroup compute 4 · LANES rows and as many
// columns of C, each 4 columns, and take four p at a time. One lane loads each row of A and broadcasts it to
// the others: with 8 lanes, 8 vec4 loads feed 512 multiply-adds.

override NORMALIZED: bool = false;
override ACCUMULATE: bool = false;
//#include "parts/subgroup_sizes.wgsl" gives LANES, and the sizes M, K and P.
@group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
// [n][k] (mean, 1 / √(variance + ε), scale, beta)
@group(0) @binding(3) var<storage, read> statistics: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> c: array<f32>;

fn put(k: u32, index: u32, value: f32) {
  if (k >= sizes.K) {
    return;
  }
  if (ACCUMULATE) {
    c[index] += value;
  } else {
    c[index] = value;
  }
}

// Component i of a row is for column k + i · LANES.
fn store(rows: array<vec4f, 32>, n: u32, m: u32, k: u32) {
  for (var i = 0u; i < min(4u * LANES, sizes.M - m); i++) {
    let index = (n * sizes.M + m + i) * sizes.K + k;
    put(k, index, rows[i].x);
    put(k + LANES, index + LANES, rows[i].y);
    put(k + 2u * LANES, index + 2u * LANES, rows[i].z);
    put(k + 3u * LANES, index + 3u * LANES, rows[i].w);
  }
}

fn statistics_of(n: u32, k: u32) -> vec4f {
  if (NORMALIZED) {
    return statistics[n * sizes.K + min(k, sizes.K - 1u)];
  }
  return vec4f();
}

//#include "parts/normalize.wgsl" gives normalize.

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let stride = sizes.P / 4u;
  let n = group.z;
  let m = group.y * 4u * LANES;
  let k = group.x * 4u * LANES + lane;
  // Lanes 0 to 3 load rows 0 to 15 of the tile, each every fourth row; lanes 4 to 7 load rows 16 to 31.
  let row0 = m + lane / 4u * 16u + lane % 4u;
  // Rows past the end repeat the last one, and their results are not stored.
  let a0 = (n * sizes.M + min(row0, sizes.M - 1u)) * stride;
  let a1 = (n * sizes.M + min(row0 + 4u, sizes.M - 1u)) * stride;
  let a2 = (n * sizes.M + min(row0 + 8u, sizes.M - 1u)) * stride;
  let a3 = (n * sizes.M + min(row0 + 12u, sizes.M - 1u)) * stride;
  let b0 = (n * sizes.K + min(k, sizes.K - 1u)) * stride;
  let b1 = (n * sizes.K + min(k + LANES, sizes.K - 1u)) * stride;
  let b2 = (n * sizes.K + min(k + 2u * LANES, sizes.K - 1u)) * stride;
  let b3 = (n * sizes.K + min(k + 3u * LANES, sizes.K - 1u)) * stride;
  let norm0 = statistics_of(n, k);
  let norm1 = statistics_of(n, k + LANES);
  let norm2 = statistics_of(n, k + 2u * LANES);
  let norm3 = statistics_of(n, k + 3u * LANES);
  //#include "parts/tile_sums.wgsl" gives c0 to c31.
  for (var p = 0u; p < stride; p++) {
    // w * y gives the dot products of w with the columns of y, which are four rows of B.
    let y = mat4x4f(
      normalize(b[b0 + p], norm0),
      normalize(b[b1 + p], norm1),
      normalize(b[b2 + p], norm2),
      normalize(b[b3 + p], norm3),
    );
    let w0 = a[a0 + p];
    let w1 = a[a1 + p];
    let w2 = a[a2 + p];
    let w3 = a[a3 + p];
    c0 += subgroupBroadcast(w0, 0u) * y;
    c1 += subgroupBroadcast(w0, 1u) * y;
    c2 += subgroupBroadcast(w0, 2u) * y;
    c3 += subgroupBroadcast(w0, 3u) * y;
    c4 += subgroupBroadcast(w1, 0u) * y;
    c5 += subgroupBroadcast(w1, 1u) * y;
    c6 += subgroupBroadcast(w1, 2u) * y;
    c7 += subgroupBroadcast(w1, 3u) * y;
    c8 += subgroupBroadcast(w2, 0u) * y;
    c9 += subgroupBroadcast(w2, 1u) * y;
    c10 += subgroupBroadcast(w2, 2u) * y;
    c11 += subgroupBroadcast(w2, 3u) * y;
    c12 += subgroupBroadcast(w3, 0u) * y;
    c13 += subgroupBroadcast(w3, 1u) * y;
    c14 += subgroupBroadcast(w3, 2u) * y;
    c15 += subgroupBroadcast(w3, 3u) * y;
    if (LANES == 8u) {
      c16 += subgroupBroadcast(w0, 4u) * y;
      c17 += subgroupBroadcast(w0, 5u) * y;
      c18 += subgroupBroadcast(w0, 6u) * y;
      c19 += subgroupBroadcast(w0, 7u) * y;
      c20 += subgroupBroadcast(w1, 4u) * y;
      c21 += subgroupBroadcast(w1, 5u) * y;
      c22 += subgroupBroadcast(w1, 6u) * y;
      c23 += subgroupBroadcast(w1, 7u) * y;
      c24 += subgroupBroadcast(w2, 4u) * y;
      c25 += subgroupBroadcast(w2, 5u) * y;
      c26 += subgroupBroadcast(w2, 6u) * y;
      c27 += subgroupBroadcast(w2, 7u) * y;
      c28 += subgroupBroadcast(w3, 4u) * y;
      c29 += subgroupBroadcast(w3, 5u) * y;
      c30 += subgroupBroadcast(w3, 6u) * y;
      c31 += subgroupBroadcast(w3, 7u) * y;
    }
  }
  //#include "parts/tile_rows.wgsl" gives rows.
  store(rows, n, m, k);
}

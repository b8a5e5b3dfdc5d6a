enable subgroups;

// C[n] = A[n] · B[n]: A is M×K, B is K×P, C is M×P. M, K and P are multiples of 4. For devices whose vector loads cost more
// than their arithmetic: LANES invocations of one subgroup make 4 · LANES rows of C, each invocation for one vec4 of
// columns, and take four k at a time. Each row of A is loaded by one lane, and the others get it by broadcast: with 8
// lanes, 8 vec4 loads feed 512 multiply-adds.

override ACCUMULATE: bool = false;
// Lanes that share their loads, 4 or 8: no more than a subgroup has.
override LANES: u32 = 8;

// Data, not constants: the code is compiled once for all sizes.
struct Sizes {
  M: u32,
  K: u32,
  P: u32,
}

@group(0) @binding(0) var<storage, read> sizes: Sizes;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> c: array<vec4f>;

fn store(rows: array<vec4f, 32>, n: u32, m: u32, p: u32) {
  if (p >= sizes.P / 4u) {
    return;
  }
  for (var i = 0u; i < min(4u * LANES, sizes.M - m); i++) {
    let index = (n * sizes.M + m + i) * (sizes.P / 4u) + p;
    if (ACCUMULATE) {
      c[index] += rows[i];
    } else {
      c[index] = rows[i];
    }
  }
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let stride = sizes.P / 4u;
  let n = group.z;
  let m = group.y * 4u * LANES;
  let p = group.x * LANES + lane;
  // Lanes 0 to 3 have the rows 0 to 15 of the tile, each every fourth of them, and lanes 4 to 7 the rows 16 to 31.
  let row0 = m + lane / 4u * 16u + lane % 4u;
  // Rows and columns past the end repeat the last one; what they give is not stored.
  let column = n * sizes.K * stride + min(p, stride - 1u);
  let a0 = (n * sizes.M + min(row0, sizes.M - 1u)) * (sizes.K / 4u);
  let a1 = (n * sizes.M + min(row0 + 4u, sizes.M - 1u)) * (sizes.K / 4u);
  let a2 = (n * sizes.M + min(row0 + 8u, sizes.M - 1u)) * (sizes.K / 4u);
  let a3 = (n * sizes.M + min(row0 + 12u, sizes.M - 1u)) * (sizes.K / 4u);
  var c0 = vec4f(); var c1 = vec4f(); var c2 = vec4f(); var c3 = vec4f();
  var c4 = vec4f(); var c5 = vec4f(); var c6 = vec4f(); var c7 = vec4f();
  var c8 = vec4f(); var c9 = vec4f(); var c10 = vec4f(); var c11 = vec4f();
  var c12 = vec4f(); var c13 = vec4f(); var c14 = vec4f(); var c15 = vec4f();
  var c16 = vec4f(); var c17 = vec4f(); var c18 = vec4f(); var c19 = vec4f();
  var c20 = vec4f(); var c21 = vec4f(); var c22 = vec4f(); var c23 = vec4f();
  var c24 = vec4f(); var c25 = vec4f(); var c26 = vec4f(); var c27 = vec4f();
  var c28 = vec4f(); var c29 = vec4f(); var c30 = vec4f(); var c31 = vec4f();
  for (var k = 0u; k < sizes.K / 4u; k++) {
    let row = column + 4u * k * stride;
    let x = mat4x4f(b[row], b[row + stride], b[row + 2u * stride], b[row + 3u * stride]);
    let w0 = a[a0 + k];
    let w1 = a[a1 + k];
    let w2 = a[a2 + k];
    let w3 = a[a3 + k];
    c0 += x * subgroupBroadcast(w0, 0u);
    c1 += x * subgroupBroadcast(w0, 1u);
    c2 += x * subgroupBroadcast(w0, 2u);
    c3 += x * subgroupBroadcast(w0, 3u);
    c4 += x * subgroupBroadcast(w1, 0u);
    c5 += x * subgroupBroadcast(w1, 1u);
    c6 += x * subgroupBroadcast(w1, 2u);
    c7 += x * subgroupBroadcast(w1, 3u);
    c8 += x * subgroupBroadcast(w2, 0u);
    c9 += x * subgroupBroadcast(w2, 1u);
    c10 += x * subgroupBroadcast(w2, 2u);
    c11 += x * subgroupBroadcast(w2, 3u);
    c12 += x * subgroupBroadcast(w3, 0u);
    c13 += x * subgroupBroadcast(w3, 1u);
    c14 += x * subgroupBroadcast(w3, 2u);
    c15 += x * subgroupBroadcast(w3, 3u);
    if (LANES == 8u) {
      c16 += x * subgroupBroadcast(w0, 4u);
      c17 += x * subgroupBroadcast(w0, 5u);
      c18 += x * subgroupBroadcast(w0, 6u);
      c19 += x * subgroupBroadcast(w0, 7u);
      c20 += x * subgroupBroadcast(w1, 4u);
      c21 += x * subgroupBroadcast(w1, 5u);
      c22 += x * subgroupBroadcast(w1, 6u);
      c23 += x * subgroupBroadcast(w1, 7u);
      c24 += x * subgroupBroadcast(w2, 4u);
      c25 += x * subgroupBroadcast(w2, 5u);
      c26 += x * subgroupBroadcast(w2, 6u);
      c27 += x * subgroupBroadcast(w2, 7u);
      c28 += x * subgroupBroadcast(w3, 4u);
      c29 += x * subgroupBroadcast(w3, 5u);
      c30 += x * subgroupBroadcast(w3, 6u);
      c31 += x * subgroupBroadcast(w3, 7u);
    }
  }
  let rows = array<vec4f, 32>(
    c0, c1, c2, c3, c4, c5, c6, c7,
    c8, c9, c10, c11, c12, c13, c14, c15,
    c16, c17, c18, c19, c20, c21, c22, c23,
    c24, c25, c26, c27, c28, c29, c30, c31,
  );
  store(rows, n, m, p);
}

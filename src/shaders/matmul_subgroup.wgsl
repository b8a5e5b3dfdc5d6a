enable subgroups;

// C[n] = A[n] · B[n]: A is M×K, B is K×P, C is M×P. M, K and P are multiples of 4. For devices whose vector loads cost more
// than their arithmetic: LANES invocations of one subgroup make 4 · LANES rows of C, each invocation for one vec4 of
// columns, and take four k at a time. Each row of A is loaded by one lane, and the others get it by broadcast: with 8
// lanes, 8 vec4 loads feed 512 multiply-adds.

override M: u32;
override K: u32;
override P: u32;
override ACCUMULATE: bool = false;
// Lanes that share their loads, 4 or 8: no more than a subgroup has.
override LANES: u32 = 8;

@group(0) @binding(0) var<storage, read> a: array<vec4f>;
@group(0) @binding(1) var<storage, read> b: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4f>;

fn store(n: u32, m: u32, p: u32, value: vec4f) {
  if (m >= M || p >= P / 4u) {
    return;
  }
  let index = (n * M + m) * (P / 4u) + p;
  if (ACCUMULATE) {
    c[index] += value;
  } else {
    c[index] = value;
  }
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let stride = P / 4u;
  let n = group.z;
  let m = group.y * 4u * LANES;
  let p = group.x * LANES + lane;
  // Rows and columns past the end repeat the last one; what they give is not stored.
  let column = n * K * stride + min(p, stride - 1u);
  let a0 = (n * M + min(m + lane, M - 1u)) * (K / 4u);
  let a1 = (n * M + min(m + LANES + lane, M - 1u)) * (K / 4u);
  let a2 = (n * M + min(m + 2u * LANES + lane, M - 1u)) * (K / 4u);
  let a3 = (n * M + min(m + 3u * LANES + lane, M - 1u)) * (K / 4u);
  var c0 = vec4f(); var c1 = vec4f(); var c2 = vec4f(); var c3 = vec4f();
  var c4 = vec4f(); var c5 = vec4f(); var c6 = vec4f(); var c7 = vec4f();
  var c8 = vec4f(); var c9 = vec4f(); var c10 = vec4f(); var c11 = vec4f();
  var c12 = vec4f(); var c13 = vec4f(); var c14 = vec4f(); var c15 = vec4f();
  var c16 = vec4f(); var c17 = vec4f(); var c18 = vec4f(); var c19 = vec4f();
  var c20 = vec4f(); var c21 = vec4f(); var c22 = vec4f(); var c23 = vec4f();
  var c24 = vec4f(); var c25 = vec4f(); var c26 = vec4f(); var c27 = vec4f();
  var c28 = vec4f(); var c29 = vec4f(); var c30 = vec4f(); var c31 = vec4f();
  for (var k = 0u; k < K / 4u; k++) {
    let row = column + 4u * k * stride;
    let x = mat4x4f(b[row], b[row + stride], b[row + 2u * stride], b[row + 3u * stride]);
    let w0 = a[a0 + k];
    c0 += x * subgroupBroadcast(w0, 0u);
    c1 += x * subgroupBroadcast(w0, 1u);
    c2 += x * subgroupBroadcast(w0, 2u);
    c3 += x * subgroupBroadcast(w0, 3u);
    if (LANES == 8u) {
      c4 += x * subgroupBroadcast(w0, 4u);
      c5 += x * subgroupBroadcast(w0, 5u);
      c6 += x * subgroupBroadcast(w0, 6u);
      c7 += x * subgroupBroadcast(w0, 7u);
    }
    let w1 = a[a1 + k];
    c8 += x * subgroupBroadcast(w1, 0u);
    c9 += x * subgroupBroadcast(w1, 1u);
    c10 += x * subgroupBroadcast(w1, 2u);
    c11 += x * subgroupBroadcast(w1, 3u);
    if (LANES == 8u) {
      c12 += x * subgroupBroadcast(w1, 4u);
      c13 += x * subgroupBroadcast(w1, 5u);
      c14 += x * subgroupBroadcast(w1, 6u);
      c15 += x * subgroupBroadcast(w1, 7u);
    }
    let w2 = a[a2 + k];
    c16 += x * subgroupBroadcast(w2, 0u);
    c17 += x * subgroupBroadcast(w2, 1u);
    c18 += x * subgroupBroadcast(w2, 2u);
    c19 += x * subgroupBroadcast(w2, 3u);
    if (LANES == 8u) {
      c20 += x * subgroupBroadcast(w2, 4u);
      c21 += x * subgroupBroadcast(w2, 5u);
      c22 += x * subgroupBroadcast(w2, 6u);
      c23 += x * subgroupBroadcast(w2, 7u);
    }
    let w3 = a[a3 + k];
    c24 += x * subgroupBroadcast(w3, 0u);
    c25 += x * subgroupBroadcast(w3, 1u);
    c26 += x * subgroupBroadcast(w3, 2u);
    c27 += x * subgroupBroadcast(w3, 3u);
    if (LANES == 8u) {
      c28 += x * subgroupBroadcast(w3, 4u);
      c29 += x * subgroupBroadcast(w3, 5u);
      c30 += x * subgroupBroadcast(w3, 6u);
      c31 += x * subgroupBroadcast(w3, 7u);
    }
  }
  store(n, m + 0u * LANES + 0u, p, c0);
  store(n, m + 0u * LANES + 1u, p, c1);
  store(n, m + 0u * LANES + 2u, p, c2);
  store(n, m + 0u * LANES + 3u, p, c3);
  store(n, m + 1u * LANES + 0u, p, c8);
  store(n, m + 1u * LANES + 1u, p, c9);
  store(n, m + 1u * LANES + 2u, p, c10);
  store(n, m + 1u * LANES + 3u, p, c11);
  store(n, m + 2u * LANES + 0u, p, c16);
  store(n, m + 2u * LANES + 1u, p, c17);
  store(n, m + 2u * LANES + 2u, p, c18);
  store(n, m + 2u * LANES + 3u, p, c19);
  store(n, m + 3u * LANES + 0u, p, c24);
  store(n, m + 3u * LANES + 1u, p, c25);
  store(n, m + 3u * LANES + 2u, p, c26);
  store(n, m + 3u * LANES + 3u, p, c27);
  if (LANES == 8u) {
    store(n, m + 0u * LANES + 4u, p, c4);
    store(n, m + 0u * LANES + 5u, p, c5);
    store(n, m + 0u * LANES + 6u, p, c6);
    store(n, m + 0u * LANES + 7u, p, c7);
    store(n, m + 1u * LANES + 4u, p, c12);
    store(n, m + 1u * LANES + 5u, p, c13);
    store(n, m + 1u * LANES + 6u, p, c14);
    store(n, m + 1u * LANES + 7u, p, c15);
    store(n, m + 2u * LANES + 4u, p, c20);
    store(n, m + 2u * LANES + 5u, p, c21);
    store(n, m + 2u * LANES + 6u, p, c22);
    store(n, m + 2u * LANES + 7u, p, c23);
    store(n, m + 3u * LANES + 4u, p, c28);
    store(n, m + 3u * LANES + 5u, p, c29);
    store(n, m + 3u * LANES + 6u, p, c30);
    store(n, m + 3u * LANES + 7u, p, c31);
  }
}

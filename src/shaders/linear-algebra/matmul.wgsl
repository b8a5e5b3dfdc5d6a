// C[n] = Aᵀ[n] · B[n]: C is M×P, A is stored K×M ("k-major"), B is K×P. M, K and P are multiples of 4. Each
// invocation keeps a tile of 16 rows by 8 columns of C in registers: per k, 6 vec4 loads feed 128
// multiply-adds.

override M: u32;
override K: u32;
override P: u32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 32;

@group(0) @binding(0) var<storage, read> a: array<vec4f>;
@group(0) @binding(1) var<storage, read> b: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4f>;

// acc + w ⊗ x; column i of the matrix is row i of the tile.
fn outer(acc: mat4x4f, w: vec4f, x: vec4f) -> mat4x4f {
  return mat4x4f(
    fma(vec4f(w.x), x, acc[0]),
    fma(vec4f(w.y), x, acc[1]),
    fma(vec4f(w.z), x, acc[2]),
    fma(vec4f(w.w), x, acc[3]),
  );
}

fn put(index: u32, value: vec4f) {
  if (ACCUMULATE) {
    c[index] += value;
  } else {
    c[index] = value;
  }
}

fn store(tile: mat4x4f, n: u32, m: u32, p: u32) {
  if (m >= M || p >= P / 4u) {
    return;
  }
  let index = (n * M + m) * (P / 4u) + p;
  put(index, tile[0]);
  put(index + P / 4u, tile[1]);
  put(index + P / 2u, tile[2]);
  put(index + 3u * (P / 4u), tile[3]);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let p = (group.x * WORKGROUP + lane) * 2u;
  let m = group.y * 16u;
  let n = group.z;
  if (p >= P / 4u) {
    return;
  }
  var c00 = mat4x4f(); var c01 = mat4x4f();
  var c10 = mat4x4f(); var c11 = mat4x4f();
  var c20 = mat4x4f(); var c21 = mat4x4f();
  var c30 = mat4x4f(); var c31 = mat4x4f();
  // Rows and columns past the end of a ragged tile repeat the last ones, and are not stored.
  let next = min(1u, P / 4u - 1u - p);
  let last = M / 4u - 1u - m / 4u;
  for (var k = 0u; k < K; k++) {
    let w = ((n * K + k) * M + m) / 4u;
    let x = (n * K + k) * (P / 4u) + p;
    let x0 = b[x];
    let x1 = b[x + next];
    let w0 = a[w];
    c00 = outer(c00, w0, x0);
    c01 = outer(c01, w0, x1);
    let w1 = a[w + min(1u, last)];
    c10 = outer(c10, w1, x0);
    c11 = outer(c11, w1, x1);
    let w2 = a[w + min(2u, last)];
    c20 = outer(c20, w2, x0);
    c21 = outer(c21, w2, x1);
    let w3 = a[w + min(3u, last)];
    c30 = outer(c30, w3, x0);
    c31 = outer(c31, w3, x1);
  }
  store(c00, n, m, p); store(c01, n, m, p + 1u);
  store(c10, n, m + 4u, p); store(c11, n, m + 4u, p + 1u);
  store(c20, n, m + 8u, p); store(c21, n, m + 8u, p + 1u);
  store(c30, n, m + 12u, p); store(c31, n, m + 12u, p + 1u);
}

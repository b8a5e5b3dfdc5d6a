// C[n] = A[n] · Bᵀ[n]: C is M×K, A is M×P, B is K×P; the sum runs along the rows of both. M, K and P are multiples of 4.
// A workgroup makes one 8×8 tile of C: its lanes share the sum, each over every WORKGROUP-th vec4, and add up at the end.

override M: u32;
override K: u32;
override P: u32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 32;

@group(0) @binding(0) var<storage, read> a: array<vec4f>;
@group(0) @binding(1) var<storage, read> b: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4f>;

// Partial sums: 16 vec4 (row r of the tile in 2r and 2r + 1), one of each for every lane.
var<workgroup> partial: array<vec4f, 16u * WORKGROUP>;

fn dots(x: vec4f, y: mat4x4f) -> vec4f {
  return x * y;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let k0 = group.x * 8u;
  let m0 = group.y * 8u;
  let n = group.z;
  let stride = P / 4u;
  // Rows past the end repeat the last one; what they give is not stored.
  let last_m = (n * M + M - 1u) * stride;
  let last_k = (n * K + K - 1u) * stride;
  let row_a = (n * M + m0) * stride;
  let row_b = (n * K + k0) * stride;
  var c0 = vec4f(); var d0 = vec4f();
  var c1 = vec4f(); var d1 = vec4f();
  var c2 = vec4f(); var d2 = vec4f();
  var c3 = vec4f(); var d3 = vec4f();
  var c4 = vec4f(); var d4 = vec4f();
  var c5 = vec4f(); var d5 = vec4f();
  var c6 = vec4f(); var d6 = vec4f();
  var c7 = vec4f(); var d7 = vec4f();
  for (var p = lane; p < stride; p += WORKGROUP) {
    let y = mat4x4f(b[row_b + p], b[row_b + stride + p], b[row_b + 2u * stride + p], b[row_b + 3u * stride + p]);
    let z = mat4x4f(
      b[min(row_b + 4u * stride, last_k) + p],
      b[min(row_b + 5u * stride, last_k) + p],
      b[min(row_b + 6u * stride, last_k) + p],
      b[min(row_b + 7u * stride, last_k) + p],
    );
    let x0 = a[row_a + p];
    c0 += dots(x0, y); d0 += dots(x0, z);
    let x1 = a[row_a + stride + p];
    c1 += dots(x1, y); d1 += dots(x1, z);
    let x2 = a[row_a + 2u * stride + p];
    c2 += dots(x2, y); d2 += dots(x2, z);
    let x3 = a[row_a + 3u * stride + p];
    c3 += dots(x3, y); d3 += dots(x3, z);
    let x4 = a[min(row_a + 4u * stride, last_m) + p];
    c4 += dots(x4, y); d4 += dots(x4, z);
    let x5 = a[min(row_a + 5u * stride, last_m) + p];
    c5 += dots(x5, y); d5 += dots(x5, z);
    let x6 = a[min(row_a + 6u * stride, last_m) + p];
    c6 += dots(x6, y); d6 += dots(x6, z);
    let x7 = a[min(row_a + 7u * stride, last_m) + p];
    c7 += dots(x7, y); d7 += dots(x7, z);
  }
  partial[lane] = c0; partial[WORKGROUP + lane] = d0;
  partial[2u * WORKGROUP + lane] = c1; partial[3u * WORKGROUP + lane] = d1;
  partial[4u * WORKGROUP + lane] = c2; partial[5u * WORKGROUP + lane] = d2;
  partial[6u * WORKGROUP + lane] = c3; partial[7u * WORKGROUP + lane] = d3;
  partial[8u * WORKGROUP + lane] = c4; partial[9u * WORKGROUP + lane] = d4;
  partial[10u * WORKGROUP + lane] = c5; partial[11u * WORKGROUP + lane] = d5;
  partial[12u * WORKGROUP + lane] = c6; partial[13u * WORKGROUP + lane] = d6;
  partial[14u * WORKGROUP + lane] = c7; partial[15u * WORKGROUP + lane] = d7;
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

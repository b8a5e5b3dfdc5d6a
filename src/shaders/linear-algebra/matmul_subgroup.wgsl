enable subgroups;

// C[n] = A[n] · B[n]: A is M×K, B is K×P, C is M×P; M, K and P are multiples of 4. For devices whose vector
// loads cost more than their arithmetic: LANES invocations of one subgroup compute 4 · LANES rows of C, each
// for one vec4 of columns, and take four k at a time. One lane loads each row of A and broadcasts it to the
// others: with 8 lanes, 8 vec4 loads feed 512 multiply-adds.

override ACCUMULATE: bool = false;
//#include "parts/subgroup_sizes.wgsl" gives LANES, and the sizes M, K and P.
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
  //#include "parts/weight_rows.wgsl" gives w0_row to w3_row.
  // Columns past the end repeat the last one, and are not stored.
  let column = n * sizes.K * stride + min(p, stride - 1u);
  //#include "parts/tile_sums.wgsl" gives c0 to c31.
  for (var k = 0u; k < sizes.K / 4u; k++) {
    let row = column + 4u * k * stride;
    let columns = mat4x4f(b[row], b[row + stride], b[row + 2u * stride], b[row + 3u * stride]);
    let w0 = a[w0_row + k];
    let w1 = a[w1_row + k];
    let w2 = a[w2_row + k];
    let w3 = a[w3_row + k];
    //#include "parts/tile_products.wgsl" gives c0 += … to c31 += ….
  }
  //#include "parts/tile_rows.wgsl" gives rows.
  store(rows, n, m, p);
}

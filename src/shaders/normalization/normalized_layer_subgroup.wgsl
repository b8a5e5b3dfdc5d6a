enable subgroups;

// One 1×1 convolution of a chain with BatchNorm and ReLU: z[n] = W[n] · f(x[n]), and the statistics of z by
// item and row. If NORMALIZED, f takes x through BatchNorm by its statistics, and ReLU; else f(x) = x. W is
// M×K, x is K×P; M, K and P are multiples of 4. For devices whose vector loads cost more than their
// arithmetic: LANES invocations of one subgroup compute 4 · LANES whole rows of z, and so know their
// statistics. Each takes every LANES-th vec4 of columns, and four k at a time. One lane loads each row of W
// and broadcasts it to the others.

override NORMALIZED: bool = true;
const EPSILON = 1e-5;

//#include "../linear-algebra/parts/subgroup_sizes.wgsl" gives LANES, and the sizes M, K and P.
@group(0) @binding(1) var<storage, read> w: array<vec4f>;
@group(0) @binding(2) var<storage, read> x: array<vec4f>;
// Of x: [n][k] (mean, 1 / √(variance + ε), gamma / √(variance + ε), beta)
@group(0) @binding(3) var<storage, read> below: array<vec4f>;
@group(0) @binding(4) var<storage, read> gamma: array<f32>;
@group(0) @binding(5) var<storage, read> beta: array<f32>;
@group(0) @binding(6) var<storage, read_write> z: array<vec4f>;
// Of z, in the same order.
@group(0) @binding(7) var<storage, read_write> statistics: array<vec4f>;

//#include "../linear-algebra/parts/normalize.wgsl" gives normalize.

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let stride = sizes.P / 4u;
  let n = group.y;
  let m = group.x * 4u * LANES;
  //#include "../linear-algebra/parts/weight_rows.wgsl" gives w0_row to w3_row.
  for (var first = 0u; first < stride; first += LANES) {
    let p = first + lane;
    let column = n * sizes.K * stride + min(p, stride - 1u);
    //#include "../linear-algebra/parts/tile_sums.wgsl" gives c0 to c31.
    for (var k = 0u; k < sizes.K / 4u; k++) {
      let row = column + 4u * k * stride;
      var x0 = x[row];
      var x1 = x[row + stride];
      var x2 = x[row + 2u * stride];
      var x3 = x[row + 3u * stride];
      if (NORMALIZED) {
        let norm = below[n * sizes.K + 4u * k + lane % 4u];
        x0 = normalize(x0, subgroupBroadcast(norm, 0u));
        x1 = normalize(x1, subgroupBroadcast(norm, 1u));
        x2 = normalize(x2, subgroupBroadcast(norm, 2u));
        x3 = normalize(x3, subgroupBroadcast(norm, 3u));
      }
      let columns = mat4x4f(x0, x1, x2, x3);
      let w0 = w[w0_row + k];
      let w1 = w[w1_row + k];
      let w2 = w[w2_row + k];
      let w3 = w[w3_row + k];
      //#include "../linear-algebra/parts/tile_products.wgsl" gives c0 += … to c31 += ….
    }
    //#include "../linear-algebra/parts/tile_rows.wgsl" gives rows.
    for (var i = 0u; i < min(4u * LANES, sizes.M - m); i++) {
      if (p < stride) {
        z[(n * sizes.M + m + i) * stride + p] = rows[i];
      }
    }
  }
  // Every lane reads only values that it has written itself.
  for (var i = 0u; i < min(4u * LANES, sizes.M - m); i++) {
    let plane = n * sizes.M + m + i;
    let start = plane * stride;
    // Both moments in one pass, about a value of the row itself, so that less cancels than about zero.
    let pivot = subgroupBroadcast(z[start + min(lane, stride - 1u)].x, 0u);
    var sum = vec4f();
    var squares = vec4f();
    for (var p = lane; p < stride; p += LANES) {
      let shifted = z[start + p] - pivot;
      sum += shifted;
      squares = fma(shifted, shifted, squares);
    }
    let moments = subgroupAdd(vec2f(dot(sum, vec4f(1.0)), dot(squares, vec4f(1.0)))) / f32(sizes.P);
    if (lane == 0u) {
      let inverse = inverseSqrt(max(0.0, moments.y - moments.x * moments.x) + EPSILON);
      statistics[plane] = vec4f(pivot + moments.x, inverse, gamma[m + i] * inverse, beta[m + i]);
    }
  }
}

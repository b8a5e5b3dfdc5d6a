// One 1×1 convolution of a chain with BatchNorm and ReLU: z[n] = W[n] · f(x[n]), and the statistics of z by
// item and row. If NORMALIZED, f takes x through BatchNorm by its statistics, and ReLU; else f(x) = x. W is
// M×K and stored k-major (K×M), x is K×P; M, K and P are multiples of 4. A workgroup computes four whole rows
// of z, and so knows their statistics; an invocation takes every WORKGROUP-th vec4 of columns.

override M: u32;
override K: u32;
override P: u32;
override NORMALIZED: bool = true;
// A power of two.
override WORKGROUP: u32 = 256;

const EPSILON = 1e-5;

@group(0) @binding(0) var<storage, read> w: array<vec4f>;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
// Of x: [n][k] (mean, 1 / √(variance + ε), gamma / √(variance + ε), beta)
@group(0) @binding(2) var<storage, read> below: array<vec4f>;
@group(0) @binding(3) var<storage, read> gamma: array<f32>;
@group(0) @binding(4) var<storage, read> beta: array<f32>;
@group(0) @binding(5) var<storage, read_write> z: array<vec4f>;
// Of z, in the same order.
@group(0) @binding(6) var<storage, read_write> statistics: array<vec4f>;

var<workgroup> pivots: vec4f;

//#include "parts/lane_totals.wgsl" gives lane_totals.

// The sum of each column.
fn column_sums(rows: mat4x4f) -> vec4f {
  return vec4f(1.0) * rows;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let stride = P / 4u;
  let n = group.y;
  let m = group.x * 4u;
  let start = (n * M + m) * stride;
  for (var p = lane; p < stride; p += WORKGROUP) {
    // Column i is row m + i of z.
    var rows = mat4x4f();
    for (var k = 0u; k < K; k++) {
      var value = x[(n * K + k) * stride + p];
      if (NORMALIZED) {
        let norm = below[n * K + k];
        value = max(vec4f(), fma(value - norm.x, vec4f(norm.z), vec4f(norm.w)));
      }
      let weights = w[((n * K + k) * M + m) / 4u];
      rows += mat4x4f(weights.x * value, weights.y * value, weights.z * value, weights.w * value);
    }
    for (var i = 0u; i < 4u; i++) {
      z[start + i * stride + p] = rows[i];
    }
    // Both moments in one pass, about a value of the row itself, so that less cancels than about zero.
    if (p == 0u) {
      pivots = vec4f(rows[0].x, rows[1].x, rows[2].x, rows[3].x);
    }
  }
  workgroupBarrier();
  // Every lane reads only values that it has written itself.
  var sums = mat2x4f();
  for (var p = lane; p < stride; p += WORKGROUP) {
    let shifted = mat4x4f(
      z[start + p] - pivots.x,
      z[start + stride + p] - pivots.y,
      z[start + 2u * stride + p] - pivots.z,
      z[start + 3u * stride + p] - pivots.w,
    );
    let squares = mat4x4f(
      shifted[0] * shifted[0], shifted[1] * shifted[1], shifted[2] * shifted[2], shifted[3] * shifted[3],
    );
    sums += mat2x4f(column_sums(shifted), column_sums(squares));
  }
  let total = lane_totals(sums, lane);
  if (lane < 4u) {
    let mean = total[0][lane] / f32(P);
    let variance = total[1][lane] / f32(P) - mean * mean;
    let inverse = inverseSqrt(max(0.0, variance) + EPSILON);
    statistics[n * M + m + lane] =
      vec4f(pivots[lane] + mean, inverse, gamma[m + lane] * inverse, beta[m + lane]);
  }
}

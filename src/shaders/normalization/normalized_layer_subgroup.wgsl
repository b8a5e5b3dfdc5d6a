enable subgroups;

// One 1×1 convolution of a chain with BatchNorm and ReLU: z[n] = W[n] · f(x[n]), W is M×K, x is K×P, and the statistics of z
// by item and row. NORMALISED: f(x) = max(0, scale · (x − mean) + beta) by the statistics of x, else f(x) = x. M, K and P are
// multiples of 4. For devices whose vector loads cost more than their arithmetic: LANES invocations of one subgroup make
// 4 · LANES rows of z as a whole, so that they know its statistics: each every LANES-th vec4 of columns, taking four k at
// a time. Each row of W is loaded by one lane, and the others get it by broadcast.

override NORMALISED: bool = true;
// Lanes that share their loads, 4 or 8: no more than a subgroup has.
override LANES: u32 = 8;

const EPSILON = 1e-5;

// Data, not constants: the code is compiled once for all sizes.
struct Sizes {
  M: u32,
  K: u32,
  P: u32,
}

@group(0) @binding(0) var<storage, read> sizes: Sizes;
@group(0) @binding(1) var<storage, read> w: array<vec4f>;
@group(0) @binding(2) var<storage, read> x: array<vec4f>;
// Of x: [n][k] (mean, 1 / √(variance + ε), gamma / √(variance + ε), beta)
@group(0) @binding(3) var<storage, read> below: array<vec4f>;
@group(0) @binding(4) var<storage, read> gamma: array<f32>;
@group(0) @binding(5) var<storage, read> beta: array<f32>;
@group(0) @binding(6) var<storage, read_write> z: array<vec4f>;
// Of z, in the same way.
@group(0) @binding(7) var<storage, read_write> statistics: array<vec4f>;

fn normalize(value: vec4f, norm: vec4f) -> vec4f {
  if (NORMALISED) {
    return max(vec4f(), fma(value - norm.x, vec4f(norm.z), vec4f(norm.w)));
  }
  return value;
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let stride = sizes.P / 4u;
  let n = group.y;
  let m = group.x * 4u * LANES;
  // Lanes 0 to 3 have the rows 0 to 15 of the tile, each every fourth of them, and lanes 4 to 7 the rows 16 to 31.
  let row0 = m + lane / 4u * 16u + lane % 4u;
  // Rows past the end repeat the last one; what they give is not stored.
  let w0_row = (n * sizes.M + min(row0, sizes.M - 1u)) * (sizes.K / 4u);
  let w1_row = (n * sizes.M + min(row0 + 4u, sizes.M - 1u)) * (sizes.K / 4u);
  let w2_row = (n * sizes.M + min(row0 + 8u, sizes.M - 1u)) * (sizes.K / 4u);
  let w3_row = (n * sizes.M + min(row0 + 12u, sizes.M - 1u)) * (sizes.K / 4u);
  for (var first = 0u; first < stride; first += LANES) {
    let p = first + lane;
    let column = n * sizes.K * stride + min(p, stride - 1u);
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
      var x0 = x[row];
      var x1 = x[row + stride];
      var x2 = x[row + 2u * stride];
      var x3 = x[row + 3u * stride];
      if (NORMALISED) {
        let norm = below[n * sizes.K + 4u * k + lane % 4u];
        x0 = normalize(x0, subgroupBroadcast(norm, 0u));
        x1 = normalize(x1, subgroupBroadcast(norm, 1u));
        x2 = normalize(x2, subgroupBroadcast(norm, 2u));
        x3 = normalize(x3, subgroupBroadcast(norm, 3u));
      }
      let f = mat4x4f(x0, x1, x2, x3);
      let w0 = w[w0_row + k];
      let w1 = w[w1_row + k];
      let w2 = w[w2_row + k];
      let w3 = w[w3_row + k];
      c0 += f * subgroupBroadcast(w0, 0u);
      c1 += f * subgroupBroadcast(w0, 1u);
      c2 += f * subgroupBroadcast(w0, 2u);
      c3 += f * subgroupBroadcast(w0, 3u);
      c4 += f * subgroupBroadcast(w1, 0u);
      c5 += f * subgroupBroadcast(w1, 1u);
      c6 += f * subgroupBroadcast(w1, 2u);
      c7 += f * subgroupBroadcast(w1, 3u);
      c8 += f * subgroupBroadcast(w2, 0u);
      c9 += f * subgroupBroadcast(w2, 1u);
      c10 += f * subgroupBroadcast(w2, 2u);
      c11 += f * subgroupBroadcast(w2, 3u);
      c12 += f * subgroupBroadcast(w3, 0u);
      c13 += f * subgroupBroadcast(w3, 1u);
      c14 += f * subgroupBroadcast(w3, 2u);
      c15 += f * subgroupBroadcast(w3, 3u);
      if (LANES == 8u) {
        c16 += f * subgroupBroadcast(w0, 4u);
        c17 += f * subgroupBroadcast(w0, 5u);
        c18 += f * subgroupBroadcast(w0, 6u);
        c19 += f * subgroupBroadcast(w0, 7u);
        c20 += f * subgroupBroadcast(w1, 4u);
        c21 += f * subgroupBroadcast(w1, 5u);
        c22 += f * subgroupBroadcast(w1, 6u);
        c23 += f * subgroupBroadcast(w1, 7u);
        c24 += f * subgroupBroadcast(w2, 4u);
        c25 += f * subgroupBroadcast(w2, 5u);
        c26 += f * subgroupBroadcast(w2, 6u);
        c27 += f * subgroupBroadcast(w2, 7u);
        c28 += f * subgroupBroadcast(w3, 4u);
        c29 += f * subgroupBroadcast(w3, 5u);
        c30 += f * subgroupBroadcast(w3, 6u);
        c31 += f * subgroupBroadcast(w3, 7u);
      }
    }
    let rows = array<vec4f, 32>(
      c0, c1, c2, c3, c4, c5, c6, c7,
      c8, c9, c10, c11, c12, c13, c14, c15,
      c16, c17, c18, c19, c20, c21, c22, c23,
      c24, c25, c26, c27, c28, c29, c30, c31,
    );
    for (var i = 0u; i < min(4u * LANES, sizes.M - m); i++) {
      if (p < stride) {
        z[(n * sizes.M + m + i) * stride + p] = rows[i];
      }
    }
  }
  // Every lane reads again only what it has written itself.
  for (var i = 0u; i < min(4u * LANES, sizes.M - m); i++) {
    let plane = n * sizes.M + m + i;
    let start = plane * stride;
    // Both moments in one pass, about a value of the row itself: so that little cancels, unlike about zero.
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

enable subgroups;

// Gradient of a chain of 1×1 convolutions with BatchNorm and ReLU, from the products z of one layer to those of the layer
// below it, x. With dy = Wᵀ · dz, where W is K×M and dz is K×P; with g = dy where max(0, scale · (x − mean) + beta) > 0, else 0;
// x̂ = (x − mean) / √(variance + ε); and means taken over the pixels of an item's row:
// dx = scale · (g − mean(g) − x̂ · mean(g · x̂)), dgamma = Σ g · x̂, dbeta = Σ g (both over all items). M, K and P are multiples
// of 4. For devices whose vector loads cost more than their arithmetic, as in normalized_layer_subgroup; the items go one
// after another, so that the sums over items have one owner.

override ACCUMULATE: bool = false;
// Lanes that share their loads, 4 or 8: no more than a subgroup has.
override LANES: u32 = 8;

// Wᵀ, M×K
// Data, not constants: the code is compiled once for all sizes.
struct Sizes {
  M: u32,
  K: u32,
  P: u32,
}

@group(0) @binding(0) var<storage, read> sizes: Sizes;
@group(0) @binding(1) var<storage, read> w: array<vec4f>;
@group(0) @binding(2) var<storage, read> dz: array<vec4f>;
@group(0) @binding(3) var<storage, read> x: array<vec4f>;
// Of x: [n][m] (mean, 1 / √(variance + ε), scale, beta); its length says how many items there are.
@group(0) @binding(4) var<storage, read> statistics: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> dx: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> dgamma: array<f32>;
@group(0) @binding(7) var<storage, read_write> dbeta: array<f32>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let stride = sizes.P / 4u;
  let m = group.x * 4u * LANES;
  for (var n = 0u; n < arrayLength(&statistics) / sizes.M; n++) {
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
        let f = mat4x4f(dz[row], dz[row + stride], dz[row + 2u * stride], dz[row + 3u * stride]);
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
          dx[(n * sizes.M + m + i) * stride + p] = rows[i];
        }
      }
    }
    // Every lane reads again only what it has written itself.
    for (var i = 0u; i < min(4u * LANES, sizes.M - m); i++) {
      let plane = n * sizes.M + m + i;
      let start = plane * stride;
      let norm = statistics[plane];
      var sum = vec4f();
      var product = vec4f();
      for (var p = lane; p < stride; p += LANES) {
        let shifted = x[start + p] - norm.x;
        let g = select(vec4f(), dx[start + p], shifted * norm.z + norm.w > vec4f());
        sum += g;
        product = fma(g, shifted * norm.y, product);
      }
      let sums = subgroupAdd(vec2f(dot(sum, vec4f(1.0)), dot(product, vec4f(1.0))));
      let means = sums / f32(sizes.P);
      for (var p = lane; p < stride; p += LANES) {
        let shifted = x[start + p] - norm.x;
        let g = select(vec4f(), dx[start + p], shifted * norm.z + norm.w > vec4f());
        dx[start + p] = norm.z * (g - means.x - shifted * norm.y * means.y);
      }
      if (lane == 0u) {
        if (ACCUMULATE || n > 0u) {
          dgamma[m + i] += sums.y;
          dbeta[m + i] += sums.x;
        } else {
          dgamma[m + i] = sums.y;
          dbeta[m + i] = sums.x;
        }
      }
    }
  }
}

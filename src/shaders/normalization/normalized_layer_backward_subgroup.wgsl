enable subgroups;

// Gradient of a chain of 1×1 convolutions with BatchNorm and ReLU: from dz, of the products of a layer, to
// dx, of the products x of the layer below. With dy = Wᵀ · dz, where W is K×M and dz is K×P, x̂ = (x − mean)
// / √(variance + ε), g = dy where the ReLU passes, else 0, and means over the pixels of an item's row:
//   dx = scale · (g − mean(g) − x̂ · mean(g · x̂)), dgamma = Σ g · x̂, dbeta = Σ g (both over all items).
// M, K and P are multiples of 4. For devices whose vector loads cost more than their arithmetic, as in
// normalized_layer_subgroup. A workgroup takes the items one after another, so that it alone owns the sums
// over items.

override ACCUMULATE: bool = false;
//#include "../linear-algebra/parts/subgroup_sizes.wgsl" gives LANES, and the sizes M, K and P.
@group(0) @binding(1) var<storage, read> w: array<vec4f>;
@group(0) @binding(2) var<storage, read> dz: array<vec4f>;
@group(0) @binding(3) var<storage, read> x: array<vec4f>;
// Of x: [n][m] (mean, 1 / √(variance + ε), scale, beta); its length gives the number of items.
@group(0) @binding(4) var<storage, read> statistics: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> dx: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> dgamma: array<f32>;
@group(0) @binding(7) var<storage, read_write> dbeta: array<f32>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let stride = sizes.P / 4u;
  let m = group.x * 4u * LANES;
  for (var n = 0u; n < arrayLength(&statistics) / sizes.M; n++) {
    //#include "../linear-algebra/parts/weight_rows.wgsl" gives w0_row to w3_row.
    for (var first = 0u; first < stride; first += LANES) {
      let p = first + lane;
      let column = n * sizes.K * stride + min(p, stride - 1u);
      //#include "../linear-algebra/parts/tile_sums.wgsl" gives c0 to c31.
      for (var k = 0u; k < sizes.K / 4u; k++) {
        let row = column + 4u * k * stride;
        let columns = mat4x4f(dz[row], dz[row + stride], dz[row + 2u * stride], dz[row + 3u * stride]);
        let w0 = w[w0_row + k];
        let w1 = w[w1_row + k];
        let w2 = w[w2_row + k];
        let w3 = w[w3_row + k];
        //#include "../linear-algebra/parts/tile_products.wgsl" gives c0 += … to c31 += ….
      }
      //#include "../linear-algebra/parts/tile_rows.wgsl" gives rows.
      for (var i = 0u; i < min(4u * LANES, sizes.M - m); i++) {
        if (p < stride) {
          dx[(n * sizes.M + m + i) * stride + p] = rows[i];
        }
      }
    }
    // Every lane reads only values that it has written itself.
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

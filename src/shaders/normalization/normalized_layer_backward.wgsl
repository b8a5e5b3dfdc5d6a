// Gradient of a chain of 1×1 convolutions with BatchNorm and ReLU: from dz, of the products of a layer, to
// dx, of the products x of the layer below. With dy = Wᵀ · dz, where W is K×M and dz is K×P, x̂ = (x − mean)
// / √(variance + ε), g = dy where the ReLU passes, else 0, and means over the pixels of an item's row:
//   dx = scale · (g − mean(g) − x̂ · mean(g · x̂)), dgamma = Σ g · x̂, dbeta = Σ g (both over all items).
// M, K and P are multiples of 4. A workgroup computes four rows of dx, as in normalized_layer. It takes the
// items one after another, so that it alone owns the sums over items.

override M: u32;
override K: u32;
override P: u32;
override ACCUMULATE: bool = false;
// A power of two.
override WORKGROUP: u32 = 256;

@group(0) @binding(0) var<storage, read> w: array<vec4f>;
@group(0) @binding(1) var<storage, read> dz: array<vec4f>;
@group(0) @binding(2) var<storage, read> x: array<vec4f>;
// Of x: [n][m] (mean, 1 / √(variance + ε), scale, beta); its length gives the number of items.
@group(0) @binding(3) var<storage, read> statistics: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> dx: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> dgamma: array<f32>;
@group(0) @binding(6) var<storage, read_write> dbeta: array<f32>;

//#include "parts/lane_totals.wgsl" gives lane_totals.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let stride = P / 4u;
  let m = group.x * 4u;
  // Σ g and Σ g · x̂ of each row, over the items.
  var parameters = mat2x4f();
  for (var n = 0u; n < arrayLength(&statistics) / M; n++) {
    let start = (n * M + m) * stride;
    var sums = mat2x4f();
    for (var p = lane; p < stride; p += WORKGROUP) {
      // Column i is row m + i.
      var rows = mat4x4f();
      for (var k = 0u; k < K; k++) {
        let value = dz[(n * K + k) * stride + p];
        let weights = w[((n * K + k) * M + m) / 4u];
        rows += mat4x4f(weights.x * value, weights.y * value, weights.z * value, weights.w * value);
      }
      for (var i = 0u; i < 4u; i++) {
        let norm = statistics[n * M + m + i];
        let shifted = x[start + i * stride + p] - norm.x;
        let g = select(vec4f(), rows[i], shifted * norm.z + norm.w > vec4f());
        dx[start + i * stride + p] = g;
        sums[0][i] += dot(g, vec4f(1.0));
        sums[1][i] += dot(g, shifted * norm.y);
      }
    }
    let total = lane_totals(sums, lane);
    parameters += total;
    // Every lane reads only values that it has written itself.
    for (var i = 0u; i < 4u; i++) {
      let norm = statistics[n * M + m + i];
      let mean_g = total[0][i] / f32(P);
      let mean_product = total[1][i] / f32(P);
      for (var p = start + i * stride + lane; p < start + (i + 1u) * stride; p += WORKGROUP) {
        dx[p] = norm.z * (dx[p] - mean_g - (x[p] - norm.x) * norm.y * mean_product);
      }
    }
  }
  if (lane < 4u) {
    if (ACCUMULATE) {
      dgamma[m + lane] += parameters[1][lane];
      dbeta[m + lane] += parameters[0][lane];
    } else {
      dgamma[m + lane] = parameters[1][lane];
      dbeta[m + lane] = parameters[0][lane];
    }
  }
}

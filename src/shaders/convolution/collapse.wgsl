// The single kernel that a chain of bias-free linear convolutions equals (MetaKernelGAN, Eq. 3). Layer l has
// weights W[l] [outputs, inputs, size, size]; the last layer has one output. From the last layer backwards,
// the composite of layers l … last is a[l][i][p + t] = Σ_o a[l + 1][o][p] · W[l][o][i][t], and a[0] is the
// kernel. Each stage is a matrix product, scratch[p][(i, t)] = Σ_o a[l + 1][o][p] · W[l][o][(i, t)], followed
// by the sum over equal p + t. A single workgroup runs all stages: the chain is short, and each stage needs
// the whole result of the one before. An invocation computes four columns (i, t) for twelve places p at a
// time.

override WORKGROUP: u32 = 256;

//#include "parts/collapse_layers.wgsl" gives LAYERS, the layers and their weights, and four_weights.

@group(0) @binding(2) var<storage, read_write> composites: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> scratch: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  let last = layers[LAYERS - 1u];
  let last_area = last.extent * last.extent;
  for (var index = lane; index < last.inputs * last_area; index += WORKGROUP) {
    let place = last.composite + index / last_area * last.pitch + index % last_area;
    composites[place / 4u][place % 4u] = weights[last.weight + index];
  }
  for (var l = LAYERS - 1u; l > 0u; l--) {
    storageBarrier();
    let after = layers[l];
    let layer = layers[l - 1u];
    let columns = layer.inputs * layer.size * layer.size;
    // Columns past the last one, up to a multiple of four, are computed but not read.
    let quads = (columns + 3u) / 4u;
    for (var quad = lane; quad < quads; quad += WORKGROUP) {
      if (after.extent == 1u) {
        var sum = vec4f();
        for (var o = 0u; o < layer.outputs; o++) {
          let w = four_weights(layer.weight + o * columns + 4u * quad);
          sum = fma(w, vec4f(composites[(after.composite + o * after.pitch) / 4u].x), sum);
        }
        scratch[quad] = sum;
      }
      for (var p = 0u; after.extent > 1u && p < after.pitch; p += 12u) {
        var sums0 = mat4x4f();
        var sums1 = mat4x4f();
        var sums2 = mat4x4f();
        for (var o = 0u; o < layer.outputs; o++) {
          let w = four_weights(layer.weight + o * columns + 4u * quad);
          let a = (after.composite + o * after.pitch + p) / 4u;
          let a0 = composites[a];
          let a1 = composites[a + 1u];
          let a2 = composites[a + 2u];
          sums0 += mat4x4f(w * a0.x, w * a0.y, w * a0.z, w * a0.w);
          sums1 += mat4x4f(w * a1.x, w * a1.y, w * a1.z, w * a1.w);
          sums2 += mat4x4f(w * a2.x, w * a2.y, w * a2.z, w * a2.w);
        }
        let sums = array<mat4x4f, 3>(sums0, sums1, sums2);
        for (var i = 0u; i < 12u; i++) {
          scratch[(p + i) * quads + quad] = sums[i / 4u][i % 4u];
        }
      }
    }
    storageBarrier();
    let area = layer.extent * layer.extent;
    for (var index = lane; index < layer.inputs * area; index += WORKGROUP) {
      let input = index / area;
      let y = index % area / layer.extent;
      let x = index % layer.extent;
      // (p, q) runs over the places of a[l + 1] with (y − p, x − q) inside W[l].
      let first_p = max(y, layer.size - 1u) - (layer.size - 1u);
      let first_q = max(x, layer.size - 1u) - (layer.size - 1u);
      var sum = 0.0;
      for (var p = first_p; p <= min(y, after.extent - 1u); p++) {
        for (var q = first_q; q <= min(x, after.extent - 1u); q++) {
          let column = (input * layer.size + y - p) * layer.size + x - q;
          let source = (p * after.extent + q) * quads * 4u + column;
          sum += scratch[source / 4u][source % 4u];
        }
      }
      let place = layer.composite + input * layer.pitch + index % area;
      composites[place / 4u][place % 4u] = sum;
    }
  }
}

// The single kernel that a chain of bias-free linear convolutions equals (MetaKernelGAN, Eq. 3). Layer l has weights
// W[l] of shape [outputs, inputs, size, size]; the last has one output. From the last layer backwards, the composite
// of layers l … last is a[l][i][p + t] = Σ_o a[l + 1][o][p] · W[l][o][i][t], and a[0] is the kernel. Each stage is
// a matrix product, spread[(i, t)][p] = Σ_o W[l][o][(i, t)] · a[l + 1][o][p], and then the sum over p + t.
// One workgroup makes all of it: the chain is short, and each stage needs all of the one before.

override LAYERS: u32;
override WORKGROUP: u32 = 256;

struct Layer {
  // Where the layer's weights start, in elements.
  weight: u32,
  outputs: u32,
  inputs: u32,
  size: u32,
  // Where its composite starts, the composite's side length, and the elements from one row [i] to the next.
  composite: u32,
  extent: u32,
  pitch: u32,
}

@group(0) @binding(0) var<storage, read> layers: array<Layer>;
@group(0) @binding(1) var<storage, read> weights: array<f32>;
@group(0) @binding(2) var<storage, read_write> composites: array<f32>;
@group(0) @binding(3) var<storage, read_write> spread: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  let last = layers[LAYERS - 1u];
  let last_area = last.extent * last.extent;
  for (var index = lane; index < last.inputs * last_area; index += WORKGROUP) {
    composites[last.composite + index / last_area * last.pitch + index % last_area] = weights[last.weight + index];
  }
  for (var l = LAYERS - 1u; l > 0u; l--) {
    storageBarrier();
    let after = layers[l];
    let layer = layers[l - 1u];
    let columns = layer.inputs * layer.size * layer.size;
    for (var column = lane; column < columns; column += WORKGROUP) {
      // Four places p at a time; rows are padded to multiples of four.
      for (var p = 0u; p < after.pitch; p += 4u) {
        var sum = vec4f();
        var w = layer.weight + column;
        var a = after.composite + p;
        for (var o = 0u; o < layer.outputs; o++) {
          let places = vec4f(composites[a], composites[a + 1u], composites[a + 2u], composites[a + 3u]);
          sum = fma(vec4f(weights[w]), places, sum);
          w += columns;
          a += after.pitch;
        }
        let target_index = column * after.pitch + p;
        spread[target_index] = sum.x;
        spread[target_index + 1u] = sum.y;
        spread[target_index + 2u] = sum.z;
        spread[target_index + 3u] = sum.w;
      }
    }
    storageBarrier();
    let area = layer.extent * layer.extent;
    for (var index = lane; index < layer.inputs * area; index += WORKGROUP) {
      let input = index / area;
      let y = index % area / layer.extent;
      let x = index % layer.extent;
      // (p, q) runs over the places of a[l + 1] for which (y − p, x − q) is within W[l].
      let first_p = max(y, layer.size - 1u) - (layer.size - 1u);
      let first_q = max(x, layer.size - 1u) - (layer.size - 1u);
      var sum = 0.0;
      for (var p = first_p; p <= min(y, after.extent - 1u); p++) {
        for (var q = first_q; q <= min(x, after.extent - 1u); q++) {
          let column = (input * layer.size + y - p) * layer.size + x - q;
          sum += spread[column * after.pitch + p * after.extent + q];
        }
      }
      composites[layer.composite + input * layer.pitch + index % area] = sum;
    }
  }
}

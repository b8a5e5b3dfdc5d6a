// The single kernel that a chain of bias-free linear convolutions equals (MetaKernelGAN, Eq. 3). Layer l has weights
// W[l] of shape [outputs, inputs, size, size]; the last has one output. From the last layer backwards, the composite
// of layers l … last is a[l][i][y][x] = Σ_{o,p,q} a[l + 1][o][p][q] · W[l][o][i][y − p][x − q], and a[0] is the kernel.
// One workgroup makes all of it: the chain is short and each stage needs all of the one before.

override LAYERS: u32;
override WORKGROUP: u32 = 256;

struct Layer {
  // Where the layer's weights start, in elements.
  weight: u32,
  outputs: u32,
  inputs: u32,
  size: u32,
  // Where its composite starts, and the composite's side length.
  composite: u32,
  extent: u32,
}

@group(0) @binding(0) var<storage, read> layers: array<Layer>;
@group(0) @binding(1) var<storage, read> weights: array<f32>;
@group(0) @binding(2) var<storage, read_write> composites: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  let last = layers[LAYERS - 1u];
  for (var i = lane; i < last.inputs * last.size * last.size; i += WORKGROUP) {
    composites[last.composite + i] = weights[last.weight + i];
  }
  for (var l = LAYERS - 1u; l > 0u; l--) {
    storageBarrier();
    let after = layers[l];
    let layer = layers[l - 1u];
    let area = layer.extent * layer.extent;
    for (var index = lane; index < layer.inputs * area; index += WORKGROUP) {
      let input = index / area;
      let y = (index % area) / layer.extent;
      let x = index % layer.extent;
      // (p, q) runs over the places of a[l + 1] for which (y − p, x − q) is within W[l].
      let first_p = max(y, layer.size - 1u) - (layer.size - 1u);
      let first_q = max(x, layer.size - 1u) - (layer.size - 1u);
      let last_p = min(y, after.extent - 1u);
      let last_q = min(x, after.extent - 1u);
      var sum = 0.0;
      for (var o = 0u; o < layer.outputs; o++) {
        let a = after.composite + o * after.extent * after.extent;
        let w = layer.weight + (o * layer.inputs + input) * layer.size * layer.size;
        for (var p = first_p; p <= last_p; p++) {
          for (var q = first_q; q <= last_q; q++) {
            sum = fma(composites[a + p * after.extent + q], weights[w + (y - p) * layer.size + x - q], sum);
          }
        }
      }
      composites[layer.composite + index] = sum;
    }
  }
}

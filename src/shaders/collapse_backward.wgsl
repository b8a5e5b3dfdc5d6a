// Gradients of collapse, from the first layer on. With da[l] the gradient of the composite a[l]:
// dW[l][o][i][t] = Σ_p a[l + 1][o][p] · da[l][i][p + t]  and  da[l + 1][o][p] = Σ_{i,t} W[l][o][i][t] · da[l][i][p + t].
// One workgroup makes all of it.

override LAYERS: u32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 256;

struct Layer {
  weight: u32,
  outputs: u32,
  inputs: u32,
  size: u32,
  composite: u32,
  extent: u32,
}

@group(0) @binding(0) var<storage, read> layers: array<Layer>;
@group(0) @binding(1) var<storage, read> weights: array<f32>;
@group(0) @binding(2) var<storage, read> composites: array<f32>;
// Laid out as the composites; that of the first layer, the kernel's gradient, is given.
@group(0) @binding(3) var<storage, read_write> dcomposites: array<f32>;
@group(0) @binding(4) var<storage, read_write> dweights: array<f32>;

fn put(index: u32, value: f32) {
  if (ACCUMULATE) {
    dweights[index] += value;
  } else {
    dweights[index] = value;
  }
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  for (var l = 0u; l + 1u < LAYERS; l++) {
    let layer = layers[l];
    let after = layers[l + 1u];
    let taps = layer.size * layer.size;
    let places = after.extent * after.extent;
    for (var index = lane; index < layer.outputs * layer.inputs * taps; index += WORKGROUP) {
      let o = index / (layer.inputs * taps);
      let i = (index / taps) % layer.inputs;
      let corner = layer.composite + (i * layer.extent + (index % taps) / layer.size) * layer.extent + index % layer.size;
      var sum = 0.0;
      for (var p = 0u; p < places; p++) {
        let place = corner + p / after.extent * layer.extent + p % after.extent;
        sum = fma(composites[after.composite + o * places + p], dcomposites[place], sum);
      }
      put(layer.weight + index, sum);
    }
    for (var index = lane; index < layer.outputs * places; index += WORKGROUP) {
      let o = index / places;
      let corner = layer.composite + (index % places) / after.extent * layer.extent + index % after.extent;
      var sum = 0.0;
      for (var i = 0u; i < layer.inputs; i++) {
        let w = layer.weight + (o * layer.inputs + i) * taps;
        for (var t = 0u; t < taps; t++) {
          let place = corner + (i * layer.extent + t / layer.size) * layer.extent + t % layer.size;
          sum = fma(weights[w + t], dcomposites[place], sum);
        }
      }
      dcomposites[after.composite + index] = sum;
    }
    storageBarrier();
  }
  let last = layers[LAYERS - 1u];
  for (var i = lane; i < last.inputs * last.size * last.size; i += WORKGROUP) {
    put(last.weight + i, dcomposites[last.composite + i]);
  }
}

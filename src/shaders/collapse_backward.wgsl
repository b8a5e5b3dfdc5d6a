// Gradients of collapse, from the first layer on. With da[l] the gradient of the composite a[l] and
// window[(i, t)][p] = da[l][i][p + t]:  dW[l][o][(i, t)] = Σ_p a[l + 1][o][p] · window[(i, t)][p]  and
// da[l + 1][o][p] = Σ_{(i, t)} W[l][o][(i, t)] · window[(i, t)][p]. One workgroup makes all of it.

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
  pitch: u32,
}

@group(0) @binding(0) var<storage, read> layers: array<Layer>;
@group(0) @binding(1) var<storage, read> weights: array<f32>;
@group(0) @binding(2) var<storage, read> composites: array<f32>;
// Laid out as the composites; that of the first layer, the kernel's gradient, is given.
@group(0) @binding(3) var<storage, read_write> dcomposites: array<f32>;
@group(0) @binding(4) var<storage, read_write> dweights: array<f32>;
@group(0) @binding(5) var<storage, read_write> window: array<f32>;

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
    let columns = layer.inputs * taps;
    for (var column = lane; column < columns; column += WORKGROUP) {
      let tap = column % taps;
      let corner =
        layer.composite + column / taps * layer.pitch + tap / layer.size * layer.extent + tap % layer.size;
      for (var p = 0u; p < after.extent; p++) {
        for (var q = 0u; q < after.extent; q++) {
          window[column * after.pitch + p * after.extent + q] = dcomposites[corner + p * layer.extent + q];
        }
      }
    }
    storageBarrier();
    // The padding of a row of composites is zero, so what the padding of a window holds does not matter.
    for (var column = lane; column < columns; column += WORKGROUP) {
      for (var p = 0u; p < after.pitch; p += 4u) {
        let index = column * after.pitch + p;
        let slope = vec4f(window[index], window[index + 1u], window[index + 2u], window[index + 3u]);
        var a = after.composite + p;
        var w = layer.weight + column;
        for (var o = 0u; o < layer.outputs; o++) {
          let places = vec4f(composites[a], composites[a + 1u], composites[a + 2u], composites[a + 3u]);
          if (p == 0u) {
            put(w, dot(places, slope));
          } else {
            dweights[w] += dot(places, slope);
          }
          a += after.pitch;
          w += columns;
        }
      }
    }
    let places = after.extent * after.extent;
    for (var o = lane; o < layer.outputs; o += WORKGROUP) {
      for (var p = 0u; p < after.pitch; p += 4u) {
        var sum = vec4f();
        var w = layer.weight + o * columns;
        var index = p;
        for (var column = 0u; column < columns; column++) {
          let slope = vec4f(window[index], window[index + 1u], window[index + 2u], window[index + 3u]);
          sum = fma(vec4f(weights[w]), slope, sum);
          w++;
          index += after.pitch;
        }
        for (var i = 0u; i < min(4u, places - p); i++) {
          dcomposites[after.composite + o * after.pitch + p + i] = sum[i];
        }
      }
    }
    storageBarrier();
  }
  let last = layers[LAYERS - 1u];
  let area = last.extent * last.extent;
  for (var index = lane; index < last.inputs * area; index += WORKGROUP) {
    put(last.weight + index, dcomposites[last.composite + index / area * last.pitch + index % area]);
  }
}

// Gradients of collapse, from the first layer on. With da[l] the gradient of the composite a[l] and
// window[p][(i, t)] = da[l][i][p + t]: dW[l][o][(i, t)] = Σ_p a[l + 1][o][p] · window[p][(i, t)] and
// da[l + 1][o][p] = Σ_{(i, t)} W[l][o][(i, t)] · window[p][(i, t)]. A single workgroup runs all stages. For
// dW an invocation takes four columns (i, t) and twelve places p at a time. For da it takes four outputs o,
// twelve places and a share of the columns; the sums over the shares are added at the end.

override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 256;

//#include "parts/collapse_layers.wgsl" gives LAYERS, the layers and their weights, and four_weights.

@group(0) @binding(2) var<storage, read> composites: array<vec4f>;
// Laid out as the composites. The gradient of the first one, the kernel, is the input.
@group(0) @binding(3) var<storage, read_write> dcomposites: array<f32>;
@group(0) @binding(4) var<storage, read_write> dweights: array<f32>;
@group(0) @binding(5) var<storage, read_write> window: array<vec4f>;
// [share][o][p]: sums over a share of the columns.
@group(0) @binding(6) var<storage, read_write> partial: array<f32>;

fn put(index: u32, value: f32, first: bool) {
  if (ACCUMULATE || !first) {
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
    let quads = (columns + 3u) / 4u;
    let places = after.extent * after.extent;
    // The window is zero past the last column.
    for (var quad = lane; quad < quads; quad += WORKGROUP) {
      for (var p = 0u; p < places; p++) {
        var values = vec4f();
        for (var i = 0u; i < min(4u, columns - 4u * quad); i++) {
          let column = 4u * quad + i;
          let y = column % taps / layer.size + p / after.extent;
          let x = column % layer.size + p % after.extent;
          values[i] = dcomposites[layer.composite + column / taps * layer.pitch + y * layer.extent + x];
        }
        window[p * quads + quad] = values;
      }
    }
    storageBarrier();
    for (var quad = lane; quad < quads; quad += WORKGROUP) {
      for (var p = 0u; p < after.pitch; p += 12u) {
        // The composites are zero past the last place.
        var gradients: array<vec4f, 12>;
        for (var i = 0u; i < 12u; i++) {
          gradients[i] = window[min(p + i, places - 1u) * quads + quad];
        }
        let w0 = mat4x4f(gradients[0], gradients[1], gradients[2], gradients[3]);
        let w1 = mat4x4f(gradients[4], gradients[5], gradients[6], gradients[7]);
        let w2 = mat4x4f(gradients[8], gradients[9], gradients[10], gradients[11]);
        for (var o = 0u; o < layer.outputs; o++) {
          let a = (after.composite + o * after.pitch + p) / 4u;
          var value = w0 * composites[a];
          if (after.extent > 1u) {
            value += w1 * composites[a + 1u] + w2 * composites[a + 2u];
          }
          let index = layer.weight + o * columns + 4u * quad;
          for (var i = 0u; i < min(4u, columns - 4u * quad); i++) {
            put(index + i, value[i], p == 0u);
          }
        }
      }
    }
    let groups = (layer.outputs + 3u) / 4u;
    let shares = max(1u, WORKGROUP / groups);
    for (var part = lane; part < shares * groups; part += WORKGROUP) {
      // Outputs past the last one repeat it, and their sums are not read.
      let o = part % groups * 4u;
      let next = min(vec3u(o) + vec3u(1u, 2u, 3u), vec3u(layer.outputs - 1u)) * columns + layer.weight;
      let first = o * columns + layer.weight;
      for (var p = 0u; p < places; p += 12u) {
        var sums0 = mat4x4f();
        var sums1 = mat4x4f();
        var sums2 = mat4x4f();
        for (var quad = part / groups; quad < quads; quad += shares) {
          let w = mat4x4f(
            four_weights(first + 4u * quad),
            four_weights(next.x + 4u * quad),
            four_weights(next.y + 4u * quad),
            four_weights(next.z + 4u * quad),
          );
          sums0[0] += window[p * quads + quad] * w;
          if (after.extent > 1u) {
            let last = places - 1u;
            sums0[1] += window[min(p + 1u, last) * quads + quad] * w;
            sums0[2] += window[min(p + 2u, last) * quads + quad] * w;
            sums0[3] += window[min(p + 3u, last) * quads + quad] * w;
            sums1[0] += window[min(p + 4u, last) * quads + quad] * w;
            sums1[1] += window[min(p + 5u, last) * quads + quad] * w;
            sums1[2] += window[min(p + 6u, last) * quads + quad] * w;
            sums1[3] += window[min(p + 7u, last) * quads + quad] * w;
            sums2[0] += window[min(p + 8u, last) * quads + quad] * w;
            sums2[1] += window[min(p + 9u, last) * quads + quad] * w;
            sums2[2] += window[min(p + 10u, last) * quads + quad] * w;
            sums2[3] += window[min(p + 11u, last) * quads + quad] * w;
          }
        }
        let sums = array<mat4x4f, 3>(sums0, sums1, sums2);
        for (var i = 0u; i < min(12u, places - p); i++) {
          for (var j = 0u; j < 4u; j++) {
            partial[(part * 4u + j) * places + p + i] = sums[i / 4u][i % 4u][j];
          }
        }
      }
    }
    storageBarrier();
    for (var index = lane; index < layer.outputs * places; index += WORKGROUP) {
      var sum = 0.0;
      for (var share = 0u; share < shares; share++) {
        sum += partial[share * groups * 4u * places + index];
      }
      dcomposites[after.composite + index / places * after.pitch + index % places] = sum;
    }
    storageBarrier();
  }
  let last = layers[LAYERS - 1u];
  let area = last.extent * last.extent;
  for (var index = lane; index < last.inputs * area; index += WORKGROUP) {
    put(last.weight + index, dcomposites[last.composite + index / area * last.pitch + index % area], true);
  }
}

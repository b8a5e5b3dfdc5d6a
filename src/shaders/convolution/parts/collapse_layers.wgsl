// The layers of a chain, and their weights.

override LAYERS: u32;

struct Layer {
  // Where the layer's weights start, in elements.
  weight: u32,
  outputs: u32,
  inputs: u32,
  size: u32,
  // Where its composite starts, the composite's side length, and the elements from one row [i] to the next: a
  // multiple of twelve, zero past the composite; or four if the composite has one place.
  composite: u32,
  extent: u32,
  pitch: u32,
}

@group(0) @binding(0) var<storage, read> layers: array<Layer>;
@group(0) @binding(1) var<storage, read> weights: array<f32>;

// Four weights from an element on; they need not be aligned.
fn four_weights(first: u32) -> vec4f {
  return vec4f(weights[first], weights[first + 1u], weights[first + 2u], weights[first + 3u]);
}

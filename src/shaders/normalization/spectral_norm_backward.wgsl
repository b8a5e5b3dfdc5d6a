// Gradient of spectral_norm with u and v held constant. With G the gradient of W / σ of one call:
// dW = Σ_calls (G − ⟨G, W/σ⟩ · u vᵀ) / σ. One workgroup per matrix.

override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

//#include "parts/spectral_matrices.wgsl" gives CALLS and the matrices.

@group(0) @binding(1) var<storage, read> out: array<f32>;
@group(0) @binding(2) var<storage, read> saved: array<f32>;
@group(0) @binding(3) var<storage, read> dout: array<f32>;
@group(0) @binding(4) var<storage, read_write> dweights: array<f32>;

//#include "../parts/total.wgsl" gives total.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let matrix = matrices[group.x];
  let size = matrix.rows * matrix.pitch;
  for (var call = 0u; call < CALLS; call++) {
    let first = matrix.out + call * size;
    let save = matrix.saved + call * matrix.saved_stride;
    let sigma = saved[save];
    // Both are zero in the padding of `out`.
    var sum = 0.0;
    for (var i = lane; i < size; i += WORKGROUP) {
      sum = fma(dout[first + i], out[first + i], sum);
    }
    let product = total(sum, lane);
    for (var row = 0u; row < matrix.rows; row++) {
      let u = product * saved[save + 1u + row];
      for (var column = lane; column < matrix.columns; column += WORKGROUP) {
        let v = saved[save + 1u + matrix.rows + column];
        let value = (dout[first + row * matrix.pitch + column] - u * v) / sigma;
        // Each element belongs to one lane, so that a later call can add to the result of an earlier one.
        let index = matrix.weight + row * matrix.columns + column;
        if (ACCUMULATE || call > 0u) {
          dweights[index] += value;
        } else {
          dweights[index] = value;
        }
      }
    }
  }
}

// Spectral normalization (Miyato et al. 2018) of several matrices, one workgroup per matrix. For each of
// CALLS passes: v ← Wᵀu, u ← W v (each divided by its length), σ = uᵀ W v, and out = W / σ, also transposed.
// Rows of `out` are padded to `pitch` columns; the padding is never written and stays zero.

override WORKGROUP: u32 = 64;

//#include "parts/spectral_matrices.wgsl" gives CALLS and the matrices.

@group(0) @binding(1) var<storage, read> weights: array<f32>;
@group(0) @binding(2) var<storage, read_write> vectors: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;
@group(0) @binding(4) var<storage, read_write> saved: array<f32>;

//#include "../parts/total.wgsl" gives total.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let matrix = matrices[group.x];
  for (var call = 0u; call < CALLS; call++) {
    // v ← Wᵀ u / ‖Wᵀ u‖
    var squares = 0.0;
    for (var column = lane; column < matrix.columns; column += WORKGROUP) {
      var sum = 0.0;
      for (var row = 0u; row < matrix.rows; row++) {
        sum = fma(weights[matrix.weight + row * matrix.columns + column], vectors[matrix.u + row], sum);
      }
      vectors[matrix.v + column] = sum;
      squares = fma(sum, sum, squares);
    }
    // The lanes must see what the others have stored.
    storageBarrier();
    let scale_v = 1.0 / max(sqrt(total(squares, lane)), 1e-12);
    for (var column = lane; column < matrix.columns; column += WORKGROUP) {
      vectors[matrix.v + column] *= scale_v;
    }
    storageBarrier();
    // u ← W v / ‖W v‖; σ = uᵀ W v is then ‖W v‖² / max(‖W v‖, ε).
    squares = 0.0;
    for (var row = lane; row < matrix.rows; row += WORKGROUP) {
      var sum = 0.0;
      for (var column = 0u; column < matrix.columns; column++) {
        sum = fma(weights[matrix.weight + row * matrix.columns + column], vectors[matrix.v + column], sum);
      }
      vectors[matrix.u + row] = sum;
      squares = fma(sum, sum, squares);
    }
    storageBarrier();
    let squared = total(squares, lane);
    let scale_u = 1.0 / max(sqrt(squared), 1e-12);
    let sigma = squared * scale_u;
    for (var row = lane; row < matrix.rows; row += WORKGROUP) {
      vectors[matrix.u + row] *= scale_u;
    }
    storageBarrier();
    let save = matrix.saved + call * matrix.saved_stride;
    if (lane == 0u) {
      saved[save] = sigma;
    }
    for (var row = lane; row < matrix.rows; row += WORKGROUP) {
      saved[save + 1u + row] = vectors[matrix.u + row];
    }
    for (var column = lane; column < matrix.columns; column += WORKGROUP) {
      saved[save + 1u + matrix.rows + column] = vectors[matrix.v + column];
    }
    let first = matrix.out + call * matrix.rows * matrix.pitch;
    let first_transposed = matrix.transposed + call * matrix.rows * matrix.pitch;
    for (var row = 0u; row < matrix.rows; row++) {
      for (var column = lane; column < matrix.columns; column += WORKGROUP) {
        let value = weights[matrix.weight + row * matrix.columns + column] / sigma;
        out[first + row * matrix.pitch + column] = value;
        out[first_transposed + column * matrix.rows + row] = value;
      }
    }
  }
}

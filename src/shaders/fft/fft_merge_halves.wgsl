// Half spectra of two real rows as the spectrum of their pair: result[n][l][k] = A[k] + j · B[k], where A and
// B are source[n][2l] and source[n][2l + 1], extended by A[W − k] = conj(A[k]) and weighted: by `edge` in
// columns that are their own mirror image (k = 0, 2k = W), where only the real part counts, and by `interior`
// elsewhere. One invocation writes the places k and W − k.

//#include "parts/half_spectra.wgsl" gives the bindings, half_width, mirror_of and pair_start.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let k = id.x;
  if (k >= half_width()) {
    return;
  }
  let mirror = mirror_of(k);
  let weights = select(vec2f(parameters.interior), vec2f(parameters.edge, 0.0), k == mirror);
  let first = (id.z * parameters.height + 2u * id.y) * half_width() + k;
  let a = weights * source[first];
  var b = vec2f();
  if (2u * id.y + 1u < parameters.height) {
    b = weights * source[first + half_width()];
  }
  let row = pair_start(id.z, id.y);
  result[row + k] = vec2f(a.x - b.y, a.y + b.x);
  if (k != mirror) {
    result[row + mirror] = vec2f(a.x + b.y, b.x - a.y);
  }
}

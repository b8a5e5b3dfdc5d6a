// Half spectra of two real rows from the spectrum Z of their pair: with Y[k] = conj(Z[−k modulo W]),
//   result[n][2l][k] = w · (Z[k] + Y[k]) / 2,   result[n][2l + 1][k] = w · (Z[k] − Y[k]) / 2j   for k ≤ W/2,
// where Z = source[n][l]. The weight w is `edge` in columns that are their own mirror image (k = 0, 2k = W),
// and `interior` elsewhere.

//#include "parts/half_spectra.wgsl" gives the bindings, half_width, mirror_of and pair_start.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let k = id.x;
  if (k >= half_width()) {
    return;
  }
  let mirror = mirror_of(k);
  let row = pair_start(id.z, id.y);
  let z = source[row + k];
  let y = source[row + mirror] * vec2f(1.0, -1.0);
  let half_weight = 0.5 * select(parameters.interior, parameters.edge, k == mirror);
  let first = (id.z * parameters.height + 2u * id.y) * half_width() + k;
  result[first] = half_weight * (z + y);
  if (2u * id.y + 1u < parameters.height) {
    let difference = half_weight * (z - y);
    result[first + half_width()] = vec2f(difference.y, -difference.x);
  }
}

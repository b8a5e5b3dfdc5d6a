// Half spectra of two real rows from the spectrum Z of their pair: with Y[k] = conj(Z[−k modulo W]),
//   result[n][2l][k] = w · (Z[k] + Y[k]) / 2,   result[n][2l + 1][k] = w · (Z[k] − Y[k]) / 2j   for k ≤ W/2,
// where Z = source[n][l], and the weight w is `edge` in the columns that are their own mirror image (k = 0, 2k = W),
// `interior` elsewhere.

override WORKGROUP: u32 = 64;

struct Rows {
  height: u32,
  width: u32,
  edge: f32,
  interior: f32,
}

@group(0) @binding(0) var<storage, read> source: array<vec2f>;
@group(0) @binding(1) var<storage, read> parameters: Rows;
@group(0) @binding(2) var<storage, read_write> result: array<vec2f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let height = parameters.height;
  let width = parameters.width;
  let half_width = width / 2u + 1u;
  let k = id.x;
  if (k >= half_width) {
    return;
  }
  let pairs = (height + 1u) / 2u;
  let mirror = select(width - k, 0u, k == 0u);
  let row = (id.z * pairs + id.y) * width;
  let z = source[row + k];
  let y = source[row + mirror] * vec2f(1.0, -1.0);
  let half_weight = 0.5 * select(parameters.interior, parameters.edge, k == mirror);
  let first = (id.z * height + 2u * id.y) * half_width + k;
  result[first] = half_weight * (z + y);
  if (2u * id.y + 1u < height) {
    let difference = half_weight * (z - y);
    result[first + half_width] = vec2f(difference.y, -difference.x);
  }
}

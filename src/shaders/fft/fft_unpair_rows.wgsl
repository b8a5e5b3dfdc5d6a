// Real rows from pairs z = source[n][l][u]. Both axes run backwards, which makes two forward transforms an
// inverse one:
//   result[n][−2l modulo H][−u modulo W] = real part, result[n][−(2l + 1) modulo H][−u modulo W] = imaginary
//   part.

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> source: array<vec2f>;
//#include "parts/row_pairs.wgsl" gives binding 1, parameters, and pair_index.
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let height = parameters.height;
  let width = parameters.width;
  if (id.x >= width) {
    return;
  }
  let z = source[pair_index(id.z, id.y, id.x)];
  let column = select(width - id.x, 0u, id.x == 0u);
  let v = 2u * id.y;
  let top = id.z * height;
  result[(top + select(height - v, 0u, v == 0u)) * width + column] = z.x;
  if (v + 1u < height) {
    result[(top + height - v - 1u) * width + column] = z.y;
  }
}

// Two real rows of an image as one complex row, with zeros past the last row:
//   result[n][l][x] = source[n][2l][x] + j · source[n][2l + 1][x].

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> source: array<f32>;
//#include "parts/row_pairs.wgsl" gives binding 1, parameters, and pair_index.
@group(0) @binding(2) var<storage, read_write> result: array<vec2f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let height = parameters.height;
  let width = parameters.width;
  if (id.x >= width) {
    return;
  }
  let first = (id.z * height + 2u * id.y) * width + id.x;
  var second = 0.0;
  if (2u * id.y + 1u < height) {
    second = source[first + width];
  }
  result[pair_index(id.z, id.y, id.x)] = vec2f(source[first], second);
}

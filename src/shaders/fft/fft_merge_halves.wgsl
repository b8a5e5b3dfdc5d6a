// Half spectra of two real rows as the spectrum of their pair: result[n][l][k] = A[k] + j · B[k], where A and B are
// source[n][2l] and source[n][2l + 1], extended by A[W − k] = conj(A[k]) and weighted: by `edge` in the columns that are
// their own mirror image (k = 0, 2k = W; of them only the real part counts), by `interior` elsewhere.
// One invocation makes the places k and W − k.

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
  let weights = select(vec2f(parameters.interior), vec2f(parameters.edge, 0.0), k == mirror);
  let first = (id.z * height + 2u * id.y) * half_width + k;
  let a = weights * source[first];
  var b = vec2f();
  if (2u * id.y + 1u < height) {
    b = weights * source[first + half_width];
  }
  let row = (id.z * pairs + id.y) * width;
  result[row + k] = vec2f(a.x - b.y, a.y + b.x);
  if (k != mirror) {
    result[row + mirror] = vec2f(a.x + b.y, b.x - a.y);
  }
}

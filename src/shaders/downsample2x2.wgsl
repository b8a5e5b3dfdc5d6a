// 2×2 convolution with stride 2: y[n][s][r][c] = Σ_{b,ky,kx} w[s][b][ky][kx] · x[n][b][2r + ky][2c + kx].
// One invocation makes one pixel of 8 channels.

override INPUTS: u32;
override OUTPUTS: u32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

struct Size {
  height: u32,
  width: u32,
}

// Of y; x is twice as high and wide.
@group(0) @binding(0) var<storage, read> size: Size;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pixels = size.height * size.width;
  if (id.x >= pixels) {
    return;
  }
  let groups = (OUTPUTS + 7u) / 8u;
  let s = id.y % groups * 8u;
  let n = id.y / groups;
  let corner = (n * INPUTS * size.height * 2u + id.x / size.width * 2u) * size.width * 2u + id.x % size.width * 2u;
  // Past the last channel it stays there, and is not stored.
  let low = min(vec4u(s) + vec4u(0u, 1u, 2u, 3u), vec4u(OUTPUTS - 1u)) * INPUTS;
  let high = min(vec4u(s) + vec4u(4u, 5u, 6u, 7u), vec4u(OUTPUTS - 1u)) * INPUTS;
  var sums = array<vec4f, 2>();
  for (var b = 0u; b < INPUTS; b++) {
    let source = corner + b * pixels * 4u;
    let quad = vec4f(x[source], x[source + 1u], x[source + size.width * 2u], x[source + size.width * 2u + 1u]);
    sums[0] += vec4f(dot(w[low.x + b], quad), dot(w[low.y + b], quad), dot(w[low.z + b], quad), dot(w[low.w + b], quad));
    sums[1] += vec4f(dot(w[high.x + b], quad), dot(w[high.y + b], quad), dot(w[high.z + b], quad), dot(w[high.w + b], quad));
  }
  for (var j = 0u; j < min(8u, OUTPUTS - s); j++) {
    let index = (n * OUTPUTS + s + j) * pixels + id.x;
    if (ACCUMULATE) {
      y[index] += sums[j / 4u][j % 4u];
    } else {
      y[index] = sums[j / 4u][j % 4u];
    }
  }
}

// Transposed 2×2 convolution with stride 2: y[n][b][2r + ky][2c + kx] = Σ_s w[s][b][ky][kx] · x[n][s][r][c].
// One invocation makes the four pixels that come of one pixel of x, of 4 channels.

override INPUTS: u32;
override OUTPUTS: u32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

struct Size {
  height: u32,
  width: u32,
}

// Of x; y is twice as high and wide.
@group(0) @binding(0) var<storage, read> size: Size;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

fn put(index: u32, value: f32) {
  if (ACCUMULATE) {
    y[index] += value;
  } else {
    y[index] = value;
  }
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pixels = size.height * size.width;
  if (id.x >= pixels) {
    return;
  }
  let groups = (OUTPUTS + 3u) / 4u;
  let b = id.y % groups * 4u;
  let n = id.y / groups;
  // Past the last channel it stays there, and is not stored.
  let channels = min(vec4u(b) + vec4u(0u, 1u, 2u, 3u), vec4u(OUTPUTS - 1u));
  var quads = mat4x4f();
  for (var s = 0u; s < INPUTS; s++) {
    let pixel = vec4f(x[(n * INPUTS + s) * pixels + id.x]);
    let first = s * OUTPUTS;
    quads = mat4x4f(
      fma(pixel, w[first + channels.x], quads[0]),
      fma(pixel, w[first + channels.y], quads[1]),
      fma(pixel, w[first + channels.z], quads[2]),
      fma(pixel, w[first + channels.w], quads[3]),
    );
  }
  let corner = (n * OUTPUTS * size.height * 2u + id.x / size.width * 2u) * size.width * 2u + id.x % size.width * 2u;
  for (var j = 0u; j < min(4u, OUTPUTS - b); j++) {
    let index = corner + (b + j) * pixels * 4u;
    put(index, quads[j].x);
    put(index + 1u, quads[j].y);
    put(index + size.width * 2u, quads[j].z);
    put(index + size.width * 2u + 1u, quads[j].w);
  }
}

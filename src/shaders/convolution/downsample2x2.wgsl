// 2×2 convolution with stride 2: y[n][s][r][c] = Σ_{b,ky,kx} w[s][b][ky][kx] · x[n][b][2r + ky][2c + kx].
// One invocation computes one pixel of 16 channels.

override WORKGROUP: u32 = 64;

//#include "parts/resample2x2.wgsl" gives the bindings.

// Stores one pixel of 16 channels of y, from the channel `first` on.
fn store(sums: array<vec4f, 4>, n: u32, first: u32, pixel: u32) {
  for (var j = 0u; j < min(16u, shape.outputs - first); j++) {
    let index = ((n * shape.outputs + first + j) * shape.height * shape.width) + pixel;
    var value = sums[j / 4u][j % 4u];
    if (shape.accumulate != 0u) {
      value += f32(y[index]);
    }
    y[index] = Stored(value);
  }
}

fn weights(rows: vec4u) -> mat4x4f {
  return mat4x4f(vec4f(w[rows.x]), vec4f(w[rows.y]), vec4f(w[rows.z]), vec4f(w[rows.w]));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pixels = shape.height * shape.width;
  let pixel = id.x;
  if (pixel >= pixels) {
    return;
  }
  let groups = (shape.outputs + 15u) / 16u;
  let first = id.y % groups * 16u;
  let n = id.y / groups;
  let width = shape.width * 2u;
  let corner = (n * shape.inputs * shape.height + pixel / shape.width) * 2u * width + pixel % shape.width * 2u;
  // Channels past the last one repeat it, and are not stored.
  let last = shape.outputs - 1u;
  let rows0 = min(vec4u(first) + vec4u(0u, 1u, 2u, 3u), vec4u(last)) * shape.inputs;
  let rows1 = min(vec4u(first) + vec4u(4u, 5u, 6u, 7u), vec4u(last)) * shape.inputs;
  let rows2 = min(vec4u(first) + vec4u(8u, 9u, 10u, 11u), vec4u(last)) * shape.inputs;
  let rows3 = min(vec4u(first) + vec4u(12u, 13u, 14u, 15u), vec4u(last)) * shape.inputs;
  var c0 = vec4f(); var c1 = vec4f(); var c2 = vec4f(); var c3 = vec4f();
  for (var i = 0u; i < shape.inputs; i++) {
    let source = corner + i * pixels * 4u;
    let quad = vec4f(vec4(x[source], x[source + 1u], x[source + width], x[source + width + 1u]));
    c0 += quad * weights(rows0 + i);
    c1 += quad * weights(rows1 + i);
    c2 += quad * weights(rows2 + i);
    c3 += quad * weights(rows3 + i);
  }
  store(array<vec4f, 4>(c0, c1, c2, c3), n, first, pixel);
}

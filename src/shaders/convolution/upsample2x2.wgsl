// Transposed 2×2 convolution with stride 2: y[n][b][2r + ky][2c + kx] = Σ_s w[s][b][ky][kx] · x[n][s][r][c].
// One invocation computes the four pixels that one pixel of x gives, of 16 channels.

override WORKGROUP: u32 = 64;

//#include "parts/resample2x2.wgsl" gives the bindings.

fn put(index: u32, value: f32) {
  if (shape.accumulate != 0u) {
    y[index] = Stored(f32(y[index]) + value);
  } else {
    y[index] = Stored(value);
  }
}

// Stores the four pixels of y that one pixel of x gives, of 16 channels from the channel `first` on.
fn store(sums: array<vec4f, 16>, n: u32, first: u32, pixel: u32) {
  let pixels = shape.height * shape.width;
  let width = shape.width * 2u;
  let corner = (n * shape.outputs * shape.height + pixel / shape.width) * 2u * width + pixel % shape.width * 2u;
  for (var j = 0u; j < min(16u, shape.outputs - first); j++) {
    let index = corner + (first + j) * pixels * 4u;
    put(index, sums[j].x);
    put(index + 1u, sums[j].y);
    put(index + width, sums[j].z);
    put(index + width + 1u, sums[j].w);
  }
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let groups = (shape.outputs + 15u) / 16u;
  let first = id.y % groups * 16u;
  let n = id.y / groups;
  let pixels = shape.height * shape.width;
  let pixel = id.x;
  if (pixel >= pixels) {
    return;
  }
  // Channels past the last one repeat it, and are not stored.
  let last = shape.outputs - 1u;
  //#include "../parts/sums16.wgsl" gives c0 to c15.
  for (var i = 0u; i < shape.inputs; i++) {
    let value = f32(x[(n * shape.inputs + i) * pixels + pixel]);
    let row = i * shape.outputs;
    c0 += value * vec4f(w[row + min(first, last)]);
    c1 += value * vec4f(w[row + min(first + 1u, last)]);
    c2 += value * vec4f(w[row + min(first + 2u, last)]);
    c3 += value * vec4f(w[row + min(first + 3u, last)]);
    c4 += value * vec4f(w[row + min(first + 4u, last)]);
    c5 += value * vec4f(w[row + min(first + 5u, last)]);
    c6 += value * vec4f(w[row + min(first + 6u, last)]);
    c7 += value * vec4f(w[row + min(first + 7u, last)]);
    c8 += value * vec4f(w[row + min(first + 8u, last)]);
    c9 += value * vec4f(w[row + min(first + 9u, last)]);
    c10 += value * vec4f(w[row + min(first + 10u, last)]);
    c11 += value * vec4f(w[row + min(first + 11u, last)]);
    c12 += value * vec4f(w[row + min(first + 12u, last)]);
    c13 += value * vec4f(w[row + min(first + 13u, last)]);
    c14 += value * vec4f(w[row + min(first + 14u, last)]);
    c15 += value * vec4f(w[row + min(first + 15u, last)]);
  }
  let sums = array<vec4f, 16>(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15);
  store(sums, n, first, pixel);
}

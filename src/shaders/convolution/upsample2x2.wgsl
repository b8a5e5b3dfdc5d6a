// Transposed 2×2 convolution with stride 2: y[n][b][2r + ky][2c + kx] = Σ_s w[s][b][ky][kx] · x[n][s][r][c].
// One invocation makes the four pixels that come of one pixel of x, of 16 channels.

override WORKGROUP: u32 = 64;

// Data, not constants: the code is compiled once for all convolutions.
struct Shape {
  inputs: u32,
  outputs: u32,
  // Of x; y is twice as high and wide.
  height: u32,
  width: u32,
  accumulate: u32,
}

// Type in memory; all arithmetic is of f32.
alias Stored = f32;

@group(0) @binding(0) var<storage, read> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<Stored>;
@group(0) @binding(2) var<storage, read> w: array<vec4<Stored>>;
@group(0) @binding(3) var<storage, read_write> y: array<Stored>;

fn put(index: u32, value: f32) {
  if (shape.accumulate != 0u) {
    y[index] = Stored(f32(y[index]) + value);
  } else {
    y[index] = Stored(value);
  }
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
  // Past the last channel it stays there, and is not stored.
  let last = shape.outputs - 1u;
  var c0 = vec4f(); var c1 = vec4f(); var c2 = vec4f(); var c3 = vec4f();
  var c4 = vec4f(); var c5 = vec4f(); var c6 = vec4f(); var c7 = vec4f();
  var c8 = vec4f(); var c9 = vec4f(); var c10 = vec4f(); var c11 = vec4f();
  var c12 = vec4f(); var c13 = vec4f(); var c14 = vec4f(); var c15 = vec4f();
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

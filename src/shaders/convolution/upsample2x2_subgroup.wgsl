enable subgroups;

// Transposed 2×2 convolution with stride 2: y[n][b][2r + ky][2c + kx] = Σ_s w[s][b][ky][kx] · x[n][s][r][c].
// For devices whose loads cost more than their arithmetic: LANES invocations of one subgroup make the four pixels each that come of
// one pixel of x, of 16 channels. Each weight is loaded by one lane, and the others get it by broadcast.

// Lanes that share their loads, 4 or 8: no more than a subgroup has.
override LANES: u32 = 8;

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

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  // Lanes past the end repeat the last pixel, and store nothing: all take part in the broadcasts.
  let pixels = shape.height * shape.width;
  let place = group.x * LANES + lane;
  let pixel = min(place, pixels - 1u);
  let groups = (shape.outputs + 15u) / 16u;
  let first = group.y % groups * 16u;
  let n = group.y / groups;
  // Past the last channel it stays there, and is not stored.
  let last = shape.outputs - 1u;
  var c0 = vec4f(); var c1 = vec4f(); var c2 = vec4f(); var c3 = vec4f();
  var c4 = vec4f(); var c5 = vec4f(); var c6 = vec4f(); var c7 = vec4f();
  var c8 = vec4f(); var c9 = vec4f(); var c10 = vec4f(); var c11 = vec4f();
  var c12 = vec4f(); var c13 = vec4f(); var c14 = vec4f(); var c15 = vec4f();
  for (var i = 0u; i < shape.inputs; i++) {
    let value = f32(x[(n * shape.inputs + i) * pixels + pixel]);
    let row = i * shape.outputs;
    let w0 = vec4f(w[row + min(first + lane, last)]);
    let w1 = vec4f(w[row + min(first + LANES + lane, last)]);
    c0 += value * subgroupBroadcast(w0, 0u);
    c1 += value * subgroupBroadcast(w0, 1u);
    c2 += value * subgroupBroadcast(w0, 2u);
    c3 += value * subgroupBroadcast(w0, 3u);
    if (LANES == 8u) {
      c4 += value * subgroupBroadcast(w0, 4u);
      c5 += value * subgroupBroadcast(w0, 5u);
      c6 += value * subgroupBroadcast(w0, 6u);
      c7 += value * subgroupBroadcast(w0, 7u);
      c8 += value * subgroupBroadcast(w1, 0u);
      c9 += value * subgroupBroadcast(w1, 1u);
      c10 += value * subgroupBroadcast(w1, 2u);
      c11 += value * subgroupBroadcast(w1, 3u);
      c12 += value * subgroupBroadcast(w1, 4u);
      c13 += value * subgroupBroadcast(w1, 5u);
      c14 += value * subgroupBroadcast(w1, 6u);
      c15 += value * subgroupBroadcast(w1, 7u);
    } else {
      let w2 = vec4f(w[row + min(first + 2u * LANES + lane, last)]);
      let w3 = vec4f(w[row + min(first + 3u * LANES + lane, last)]);
      c4 += value * subgroupBroadcast(w1, 0u);
      c5 += value * subgroupBroadcast(w1, 1u);
      c6 += value * subgroupBroadcast(w1, 2u);
      c7 += value * subgroupBroadcast(w1, 3u);
      c8 += value * subgroupBroadcast(w2, 0u);
      c9 += value * subgroupBroadcast(w2, 1u);
      c10 += value * subgroupBroadcast(w2, 2u);
      c11 += value * subgroupBroadcast(w2, 3u);
      c12 += value * subgroupBroadcast(w3, 0u);
      c13 += value * subgroupBroadcast(w3, 1u);
      c14 += value * subgroupBroadcast(w3, 2u);
      c15 += value * subgroupBroadcast(w3, 3u);
    }
  }
  if (place >= pixels) {
    return;
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

// Shared by both variants of the 3×3 convolution: the interface, reading a column of six pixels, and storing
// 4 rows of 16 channels.

// Whether there are at most 4 output channels.
override NARROW: bool = false;

// Data, not constants, so that the long code is compiled once for all convolutions.
struct Shape {
  inputs: u32,
  outputs: u32,
  height: u32,
  width: u32,
  relu: u32,
  add_residual: u32,
  accumulate: u32,
}

// Storage types of image, result and weights; all arithmetic is in f32.
alias X = f32;
alias Y = f32;
alias W = f32;

@group(0) @binding(0) var<storage, read> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<X>;
@group(0) @binding(2) var<storage, read> w: array<vec4<W>>;
@group(0) @binding(3) var<storage, read> residual: array<Y>;
@group(0) @binding(4) var<storage, read_write> y: array<Y>;

// Where an invocation reads a column of six pixels: its own four rows, the one above and the one below. A row
// beyond the border reads the nearest one, times zero.
struct Rows {
  above: u32,
  own: vec4u,
  below: u32,
  counts: vec4f,
  above_counts: f32,
  below_counts: f32,
}

fn find_rows(row: u32) -> Rows {
  let last = shape.height - 1u;
  let own = vec4u(row) + vec4u(0u, 1u, 2u, 3u);
  return Rows(
    (max(row, 1u) - 1u) * shape.width,
    min(own, vec4u(last)) * shape.width,
    min(row + 4u, last) * shape.width,
    select(vec4f(), vec4f(1.0), own <= vec4u(last)),
    select(0.0, 1.0, row > 0u),
    select(0.0, 1.0, row + 4u <= last),
  );
}

// The pixels that the three taps of a kernel's column see, for each of the four rows.
fn read_column(plane: u32, place: u32, rows: Rows) -> mat3x4f {
  let source = plane + clamp(place, 1u, shape.width) - 1u;
  let side = select(0.0, 1.0, place >= 1u && place <= shape.width);
  let above = f32(x[source + rows.above]) * (side * rows.above_counts);
  let own = vec4f(vec4(x[source + rows.own.x], x[source + rows.own.y], x[source + rows.own.z], x[source + rows.own.w])) * (side * rows.counts);
  let below = f32(x[source + rows.below]) * (side * rows.below_counts);
  return mat3x4f(vec4f(above, own.xyz), own, vec4f(own.yzw, below));
}

fn put(value: f32, index: u32, row: u32) {
  if (row >= shape.height) {
    return;
  }
  var result = value;
  if (shape.relu != 0u) {
    result = max(result, 0.0);
  }
  if (shape.add_residual != 0u) {
    result += f32(residual[index]);
  }
  if (shape.accumulate != 0u) {
    result += f32(y[index]);
  }
  y[index] = Y(result);
}

fn store(sums: array<vec4f, 16>, n: u32, o: u32, row: u32, column: u32) {
  for (var j = 0u; j < min(select(16u, 4u, NARROW), shape.outputs - o); j++) {
    let index = ((n * shape.outputs + o + j) * shape.height + row) * shape.width + column;
    let sum = sums[j] + f32(w[o + j].w);
    put(sum.x, index, row);
    put(sum.y, index + shape.width, row + 1u);
    put(sum.z, index + 2u * shape.width, row + 2u);
    put(sum.w, index + 3u * shape.width, row + 3u);
  }
}

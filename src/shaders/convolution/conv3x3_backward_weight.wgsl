// Gradient of conv3x3 with respect to w:
//   dw[o][i][ky][kx] = Σ_{n,r,c} dy[n][o][r][c] · x[n][i][r + ky − 1][c + kx − 1].
// One workgroup computes the nine taps of four output channels and two input channels. Its lanes share the
// columns, and each walks down its columns with a window of 3×3 pixels, so that every row is read once and
// used three times.

// At most 32, so that the sums fit into 16 KiB.
override WORKGROUP: u32 = 32;

struct Shape {
  batch: u32,
  inputs: u32,
  outputs: u32,
  height: u32,
  width: u32,
  accumulate: u32,
}

@group(0) @binding(0) var<storage, read> shape: Shape;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> dw: array<f32>;

// Nine taps of the first input channel, then of the second.
var<workgroup> sums: array<array<vec4f, 18>, WORKGROUP>;

// Three neighboring pixels of a row, zero beyond the border.
fn three(plane: u32, row: i32, column: u32) -> vec3f {
  if (row < 0 || row >= i32(shape.height)) {
    return vec3f();
  }
  let middle = plane + u32(row) * shape.width + column;
  let left = select(0.0, x[max(middle, 1u) - 1u], column > 0u);
  let right = select(0.0, x[middle + select(0u, 1u, column + 1u < shape.width)], column + 1u < shape.width);
  return vec3f(left, x[middle], right);
}

// Adds a row of the window, times the gradients of four output channels, to three taps.
fn add_row(taps: mat3x4f, gradient: vec4f, row: vec3f) -> mat3x4f {
  return mat3x4f(fma(gradient, vec4f(row.x), taps[0]), fma(gradient, vec4f(row.y), taps[1]), fma(gradient, vec4f(row.z), taps[2]));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = group.x * 2u;
  let o = group.y * 4u;
  let plane = shape.height * shape.width;
  // Offsets from the first channel to the next. Past the last one they repeat it, and are not stored.
  let next = min(vec3u(1u, 2u, 3u), vec3u(shape.outputs - 1u - o)) * plane;
  let other = min(1u, shape.inputs - 1u - i) * plane;
  var a0 = mat3x4f(); var a1 = mat3x4f(); var a2 = mat3x4f();
  var b0 = mat3x4f(); var b1 = mat3x4f(); var b2 = mat3x4f();
  for (var line = lane; line < shape.batch * shape.width; line += WORKGROUP) {
    let column = line % shape.width;
    let n = line / shape.width;
    let source = (n * shape.inputs + i) * plane;
    let gradients = (n * shape.outputs + o) * plane + column;
    var above_a = vec3f();
    var above_b = vec3f();
    var own_a = three(source, 0, column);
    var own_b = three(source + other, 0, column);
    for (var row = 0u; row < shape.height; row++) {
      let below_a = three(source, i32(row) + 1, column);
      let below_b = three(source + other, i32(row) + 1, column);
      let d = gradients + row * shape.width;
      let gradient = vec4f(dy[d], dy[d + next.x], dy[d + next.y], dy[d + next.z]);
      a0 = add_row(a0, gradient, above_a);
      a1 = add_row(a1, gradient, own_a);
      a2 = add_row(a2, gradient, below_a);
      b0 = add_row(b0, gradient, above_b);
      b1 = add_row(b1, gradient, own_b);
      b2 = add_row(b2, gradient, below_b);
      above_a = own_a;
      above_b = own_b;
      own_a = below_a;
      own_b = below_b;
    }
  }
  sums[lane] = array<vec4f, 18>(
    a0[0], a0[1], a0[2], a1[0], a1[1], a1[2], a2[0], a2[1], a2[2],
    b0[0], b0[1], b0[2], b1[0], b1[1], b1[2], b2[0], b2[1], b2[2],
  );
  workgroupBarrier();
  for (var tap = lane; tap < 9u * min(2u, shape.inputs - i); tap += WORKGROUP) {
    var total = vec4f();
    for (var j = 0u; j < WORKGROUP; j++) {
      total += sums[j][tap];
    }
    for (var j = 0u; j < min(4u, shape.outputs - o); j++) {
      let index = ((o + j) * shape.inputs + i) * 9u + tap;
      if (shape.accumulate != 0u) {
        dw[index] += total[j];
      } else {
        dw[index] = total[j];
      }
    }
  }
}

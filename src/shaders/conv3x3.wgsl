// 3×3 cross-correlation, zero beyond the border: y[n][o][r][c] = Σ_{i,ky,kx} w[o][i][ky][kx] · x[n][i][r + ky − 1][c + kx − 1],
// then ReLU, or plus a residual. One invocation makes 4 rows of one column, of 16 channels: down a column, a pixel serves
// three rows of the kernel, and neighbouring invocations read neighbouring pixels. The weights come packed, see
// pack_conv3x3.wgsl: 16 (or all of up to 4) output channels of a tap lie together.

override INPUTS: u32;
override OUTPUTS: u32;
override RELU: bool = false;
override RESIDUAL: bool = false;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

struct Size {
  height: u32,
  width: u32,
}

@group(0) @binding(0) var<storage, read> size: Size;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<vec4f>;
@group(0) @binding(3) var<storage, read> residual: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

// Up to 4 output channels take one vector of weights a tap, not four.
fn weights(tap: u32, group: u32, groups: u32) -> mat4x4f {
  if (OUTPUTS <= 4u) {
    return mat4x4f(w[tap], vec4f(), vec4f(), vec4f());
  }
  let first = (tap * groups + group) * 4u;
  return mat4x4f(w[first], w[first + 1u], w[first + 2u], w[first + 3u]);
}

// acc + pixel · weights; 4 channels a column.
fn add(acc: mat4x4f, pixel: f32, weights: mat4x4f) -> mat4x4f {
  let p = vec4f(pixel);
  let first = fma(p, weights[0], acc[0]);
  if (OUTPUTS <= 4u) {
    return mat4x4f(first, acc[1], acc[2], acc[3]);
  }
  return mat4x4f(first, fma(p, weights[1], acc[1]), fma(p, weights[2], acc[2]), fma(p, weights[3], acc[3]));
}

fn store(acc: mat4x4f, n: u32, o: u32, row: u32, column: u32) {
  if (row >= size.height) {
    return;
  }
  for (var i = 0u; i < min(16u, OUTPUTS - o); i++) {
    let index = ((n * OUTPUTS + o + i) * size.height + row) * size.width + column;
    var value = acc[i / 4u][i % 4u];
    if (RELU) {
      value = max(value, 0.0);
    }
    if (RESIDUAL) {
      value += residual[index];
    }
    if (ACCUMULATE) {
      value += y[index];
    }
    y[index] = value;
  }
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let height = size.height;
  let width = size.width;
  let column = id.x % width;
  let row = id.x / width * 4u;
  if (row >= height) {
    return;
  }
  let groups = (OUTPUTS + 15u) / 16u;
  let group = id.y % groups;
  let n = id.y / groups;
  // The rows above, of and below the four; one beyond the border reads the nearest row, and counts as zero.
  let last = height - 1u;
  let above = select(0.0, 1.0, row > 0u);
  let inside = vec4f(vec4u(row) + vec4u(1u, 2u, 3u, 4u) < vec4u(height));
  let rows = min(vec4u(row) + vec4u(1u, 2u, 3u, 4u), vec4u(last)) * width;
  let top = (max(row, 1u) - 1u) * width;
  var acc0 = mat4x4f();
  var acc1 = mat4x4f();
  var acc2 = mat4x4f();
  var acc3 = mat4x4f();
  for (var i = 0u; i < INPUTS; i++) {
    let plane = (n * INPUTS + i) * height * width;
    for (var kx = 0u; kx < 3u; kx++) {
      let place = column + kx;
      let source = plane + clamp(place, 1u, width) - 1u;
      let side = select(0.0, 1.0, place >= 1u && place <= width);
      let x0 = x[source + top] * (side * above);
      let x1 = x[source + row * width] * side;
      let x2 = x[source + rows.x] * (side * inside.x);
      let x3 = x[source + rows.y] * (side * inside.y);
      let x4 = x[source + rows.z] * (side * inside.z);
      let x5 = x[source + rows.w] * (side * inside.w);
      let tap = (i * 3u + kx) * 3u;
      let w0 = weights(tap, group, groups);
      acc0 = add(acc0, x0, w0);
      acc1 = add(acc1, x1, w0);
      acc2 = add(acc2, x2, w0);
      acc3 = add(acc3, x3, w0);
      let w1 = weights(tap + 1u, group, groups);
      acc0 = add(acc0, x1, w1);
      acc1 = add(acc1, x2, w1);
      acc2 = add(acc2, x3, w1);
      acc3 = add(acc3, x4, w1);
      let w2 = weights(tap + 2u, group, groups);
      acc0 = add(acc0, x2, w2);
      acc1 = add(acc1, x3, w2);
      acc2 = add(acc2, x4, w2);
      acc3 = add(acc3, x5, w2);
    }
  }
  store(acc0, n, group * 16u, row, column);
  store(acc1, n, group * 16u, row + 1u, column);
  store(acc2, n, group * 16u, row + 2u, column);
  store(acc3, n, group * 16u, row + 3u, column);
}

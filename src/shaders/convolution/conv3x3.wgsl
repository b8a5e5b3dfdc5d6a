// 3×3 cross-correlation, zero beyond the border:
//   y[n][o][r][c] = b[o] + Σ_{i,ky,kx} w[o][i][ky][kx] · x[n][i][r + ky − 1][c + kx − 1],
// then ReLU, or plus a residual. One invocation computes 4 rows of one column, of 16 channels: down a column,
// a pixel serves three rows of the kernel, and neighboring invocations read neighboring pixels. The weights
// are packed by pack_conv3x3.wgsl, so that the three taps of a kernel's column lie together, with the biases
// beside the first of them.

override WORKGROUP: u32 = 64;

//#include "parts/conv3x3_tile.wgsl" gives NARROW, the bindings, find_rows, read_column and store.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x % shape.width;
  let row = id.x / shape.width * 4u;
  if (row >= shape.height) {
    return;
  }
  let tile = select(16u, 4u, NARROW);
  let groups = (shape.outputs + 15u) / 16u;
  let o = id.y % groups * 16u;
  let n = id.y / groups;
  let rows = find_rows(row);
  //#include "../parts/sums16.wgsl" gives c0 to c15.
  // One loop over inputs and kernel columns: some drivers unroll two nested loops, and take seconds to
  // compile them.
  for (var tap = 0u; tap < shape.inputs * 3u; tap++) {
    let plane = (n * shape.inputs + tap / 3u) * shape.height * shape.width;
    let pixels = read_column(plane, column + tap % 3u, rows);
    let first = tap * groups * tile + o;
    c0 += pixels * vec3f(w[first].xyz);
    c1 += pixels * vec3f(w[first + 1u].xyz);
    c2 += pixels * vec3f(w[first + 2u].xyz);
    c3 += pixels * vec3f(w[first + 3u].xyz);
    if (!NARROW) {
      c4 += pixels * vec3f(w[first + 4u].xyz);
      c5 += pixels * vec3f(w[first + 5u].xyz);
      c6 += pixels * vec3f(w[first + 6u].xyz);
      c7 += pixels * vec3f(w[first + 7u].xyz);
      c8 += pixels * vec3f(w[first + 8u].xyz);
      c9 += pixels * vec3f(w[first + 9u].xyz);
      c10 += pixels * vec3f(w[first + 10u].xyz);
      c11 += pixels * vec3f(w[first + 11u].xyz);
      c12 += pixels * vec3f(w[first + 12u].xyz);
      c13 += pixels * vec3f(w[first + 13u].xyz);
      c14 += pixels * vec3f(w[first + 14u].xyz);
      c15 += pixels * vec3f(w[first + 15u].xyz);
    }
  }
  let sums = array<vec4f, 16>(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15);
  store(sums, n, o, row, column);
}

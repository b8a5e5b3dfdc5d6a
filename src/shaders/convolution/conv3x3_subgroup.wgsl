enable subgroups;

// 3×3 cross-correlation, zero beyond the border:
//   y[n][o][r][c] = b[o] + Σ_{i,ky,kx} w[o][i][ky][kx] · x[n][i][r + ky − 1][c + kx − 1],
// then ReLU, or plus a residual. For devices whose loads cost more than their arithmetic: LANES invocations
// of one subgroup compute 4 rows each, of neighboring columns and of 16 channels. One lane loads each weight
// and broadcasts it to the others. The weights are packed by pack_conv3x3.wgsl, so that the three taps of a
// kernel's column lie together, with the biases beside the first of them.

//#include "../parts/lanes.wgsl" gives LANES.

//#include "parts/conv3x3_tile.wgsl" gives NARROW, the bindings, find_rows, read_column and store.

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  // Lanes past the end repeat the last place and store nothing, because every lane must take part in the
  // broadcasts.
  let places = (shape.height + 3u) / 4u * shape.width;
  let place = group.x * LANES + lane;
  let column = min(place, places - 1u) % shape.width;
  let row = min(place, places - 1u) / shape.width * 4u;
  let tile = select(16u, 4u, NARROW);
  let groups = (shape.outputs + 15u) / 16u;
  let o = group.y % groups * 16u;
  let n = group.y / groups;
  let rows = find_rows(row);
  //#include "../parts/sums16.wgsl" gives c0 to c15.
  // One loop over inputs and kernel columns: some drivers unroll two nested loops, and take seconds to
  // compile them.
  for (var tap = 0u; tap < shape.inputs * 3u; tap++) {
    let plane = (n * shape.inputs + tap / 3u) * shape.height * shape.width;
    let pixels = read_column(plane, column + tap % 3u, rows);
    let first = tap * groups * tile + o;
    let w0 = vec4f(w[first + min(lane, tile - 1u)]);
    c0 += pixels * subgroupBroadcast(w0, 0u).xyz;
    c1 += pixels * subgroupBroadcast(w0, 1u).xyz;
    c2 += pixels * subgroupBroadcast(w0, 2u).xyz;
    c3 += pixels * subgroupBroadcast(w0, 3u).xyz;
    if (NARROW) {
      continue;
    }
    let w1 = vec4f(w[first + LANES + lane]);
    if (LANES == 8u) {
      c4 += pixels * subgroupBroadcast(w0, 4u).xyz;
      c5 += pixels * subgroupBroadcast(w0, 5u).xyz;
      c6 += pixels * subgroupBroadcast(w0, 6u).xyz;
      c7 += pixels * subgroupBroadcast(w0, 7u).xyz;
      c8 += pixels * subgroupBroadcast(w1, 0u).xyz;
      c9 += pixels * subgroupBroadcast(w1, 1u).xyz;
      c10 += pixels * subgroupBroadcast(w1, 2u).xyz;
      c11 += pixels * subgroupBroadcast(w1, 3u).xyz;
      c12 += pixels * subgroupBroadcast(w1, 4u).xyz;
      c13 += pixels * subgroupBroadcast(w1, 5u).xyz;
      c14 += pixels * subgroupBroadcast(w1, 6u).xyz;
      c15 += pixels * subgroupBroadcast(w1, 7u).xyz;
    } else {
      let w2 = vec4f(w[first + 2u * LANES + lane]);
      let w3 = vec4f(w[first + 3u * LANES + lane]);
      c4 += pixels * subgroupBroadcast(w1, 0u).xyz;
      c5 += pixels * subgroupBroadcast(w1, 1u).xyz;
      c6 += pixels * subgroupBroadcast(w1, 2u).xyz;
      c7 += pixels * subgroupBroadcast(w1, 3u).xyz;
      c8 += pixels * subgroupBroadcast(w2, 0u).xyz;
      c9 += pixels * subgroupBroadcast(w2, 1u).xyz;
      c10 += pixels * subgroupBroadcast(w2, 2u).xyz;
      c11 += pixels * subgroupBroadcast(w2, 3u).xyz;
      c12 += pixels * subgroupBroadcast(w3, 0u).xyz;
      c13 += pixels * subgroupBroadcast(w3, 1u).xyz;
      c14 += pixels * subgroupBroadcast(w3, 2u).xyz;
      c15 += pixels * subgroupBroadcast(w3, 3u).xyz;
    }
  }
  if (place >= places) {
    return;
  }
  let sums = array<vec4f, 16>(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15);
  store(sums, n, o, row, column);
}

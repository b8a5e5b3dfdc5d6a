enable subgroups;

// Transposed 2×2 convolution with stride 2: y[n][b][2r + ky][2c + kx] = Σ_s w[s][b][ky][kx] · x[n][s][r][c].
// For devices whose loads cost more than their arithmetic: LANES invocations of one subgroup each compute the
// four pixels that one pixel of x gives, of 16 channels. One lane loads each weight and broadcasts it to the
// others.

//#include "../parts/lanes.wgsl" gives LANES.

//#include "parts/resample2x2.wgsl" gives the bindings.
//#include "parts/upsample2x2_store.wgsl" gives store.

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let groups = (shape.outputs + 15u) / 16u;
  let first = group.y % groups * 16u;
  let n = group.y / groups;
  // Lanes past the end repeat the last pixel and store nothing, because every lane must take part in the
  // broadcasts.
  let pixels = shape.height * shape.width;
  let place = group.x * LANES + lane;
  let pixel = min(place, pixels - 1u);
  // Channels past the last one repeat it, and are not stored.
  let last = shape.outputs - 1u;
  //#include "../parts/sums16.wgsl" gives c0 to c15.
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
  store(sums, n, first, pixel);
}

enable subgroups;

// 2×2 convolution with stride 2: y[n][s][r][c] = Σ_{b,ky,kx} w[s][b][ky][kx] · x[n][b][2r + ky][2c + kx]. For
// devices whose loads cost more than their arithmetic: LANES invocations of one subgroup compute one pixel
// each, of 16 channels. One lane loads each weight and broadcasts it to the others.

//#include "../parts/lanes.wgsl" gives LANES.

//#include "parts/resample2x2.wgsl" gives the bindings.
//#include "parts/downsample2x2_store.wgsl" gives store.

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  // Lanes past the end repeat the last pixel and store nothing, because every lane must take part in the
  // broadcasts.
  let pixels = shape.height * shape.width;
  let place = group.x * LANES + lane;
  let pixel = min(place, pixels - 1u);
  let groups = (shape.outputs + 15u) / 16u;
  let first = group.y % groups * 16u;
  let n = group.y / groups;
  let width = shape.width * 2u;
  let corner = (n * shape.inputs * shape.height + pixel / shape.width) * 2u * width + pixel % shape.width * 2u;
  // Channels past the last one repeat it, and are not stored.
  let last = shape.outputs - 1u;
  var c0 = vec4f(); var c1 = vec4f(); var c2 = vec4f(); var c3 = vec4f();
  for (var i = 0u; i < shape.inputs; i++) {
    let source = corner + i * pixels * 4u;
    let quad = vec4f(vec4(x[source], x[source + 1u], x[source + width], x[source + width + 1u]));
    let w0 = vec4f(w[min(first + lane, last) * shape.inputs + i]);
    let w1 = vec4f(w[min(first + LANES + lane, last) * shape.inputs + i]);
    c0 += quad * mat4x4f(subgroupBroadcast(w0, 0u), subgroupBroadcast(w0, 1u), subgroupBroadcast(w0, 2u), subgroupBroadcast(w0, 3u));
    if (LANES == 8u) {
      c1 += quad * mat4x4f(subgroupBroadcast(w0, 4u), subgroupBroadcast(w0, 5u), subgroupBroadcast(w0, 6u), subgroupBroadcast(w0, 7u));
      c2 += quad * mat4x4f(subgroupBroadcast(w1, 0u), subgroupBroadcast(w1, 1u), subgroupBroadcast(w1, 2u), subgroupBroadcast(w1, 3u));
      c3 += quad * mat4x4f(subgroupBroadcast(w1, 4u), subgroupBroadcast(w1, 5u), subgroupBroadcast(w1, 6u), subgroupBroadcast(w1, 7u));
    } else {
      let w2 = vec4f(w[min(first + 2u * LANES + lane, last) * shape.inputs + i]);
      let w3 = vec4f(w[min(first + 3u * LANES + lane, last) * shape.inputs + i]);
      c1 += quad * mat4x4f(subgroupBroadcast(w1, 0u), subgroupBroadcast(w1, 1u), subgroupBroadcast(w1, 2u), subgroupBroadcast(w1, 3u));
      c2 += quad * mat4x4f(subgroupBroadcast(w2, 0u), subgroupBroadcast(w2, 1u), subgroupBroadcast(w2, 2u), subgroupBroadcast(w2, 3u));
      c3 += quad * mat4x4f(subgroupBroadcast(w3, 0u), subgroupBroadcast(w3, 1u), subgroupBroadcast(w3, 2u), subgroupBroadcast(w3, 3u));
    }
  }
  if (place >= pixels) {
    return;
  }
  store(array<vec4f, 4>(c0, c1, c2, c3), n, first, pixel);
}

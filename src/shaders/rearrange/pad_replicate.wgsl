// y[n][c][r][k] = x[n][c][min(r, h − 1)][min(k, w − 1)]: pads an image on the right and below with copies of
// its border. EXTRA appends a channel that is values[step][n] everywhere.

//#include "parts/padded_sizes.wgsl" gives CHANNELS, EXTRA and sizes.

override WORKGROUP: u32 = 64;

//#include "../parts/counter.wgsl" gives Counter.

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> values: array<f32>;
@group(0) @binding(3) var<storage, read> counter: Counter;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pixels = sizes.out_height * sizes.out_width;
  if (id.x >= pixels) {
    return;
  }
  let channels = select(CHANNELS, CHANNELS + 1u, EXTRA);
  let c = id.y % channels;
  let n = id.y / channels;
  let index = id.y * pixels + id.x;
  if (c == CHANNELS) {
    y[index] = values[counter.step * sizes.batch + n];
    return;
  }
  let row = min(id.x / sizes.out_width, sizes.height - 1u);
  let column = min(id.x % sizes.out_width, sizes.width - 1u);
  y[index] = x[((n * CHANNELS + c) * sizes.height + row) * sizes.width + column];
}

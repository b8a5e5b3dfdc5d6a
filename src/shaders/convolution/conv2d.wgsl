// Cross-correlation:
//   y[n][o][r][c] = Σ_{i,ky,kx} w[o][i][ky][kx] · x[n][i][r·STRIDE + ky − PADDING][c·STRIDE + kx − PADDING].
// Outside the image, x wraps around (CIRCULAR) or is zero. One invocation computes one pixel of 4 output
// channels or, if there is only one output channel, of 4 items.

override BATCH: u32;
//#include "parts/conv2d_sizes.wgsl" gives INPUTS, OUTPUTS, HEIGHT to OUT_WIDTH, STRIDE, PADDING and CIRCULAR.
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> w: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

//#include "parts/wrap.wgsl" gives wrap.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let pixels = OUT_HEIGHT * OUT_WIDTH;
  if (id.x >= pixels) {
    return;
  }
  let alone = OUTPUTS == 1u;
  let count = select(OUTPUTS, BATCH, alone);
  let groups = (count + 3u) / 4u;
  let first = (id.y % groups) * 4u;
  let o = select(first, 0u, alone);
  let n = select(id.y / groups, first, alone);
  let top = i32(id.x / OUT_WIDTH * STRIDE) - i32(PADDING);
  let left = i32(id.x % OUT_WIDTH * STRIDE) - i32(PADDING);
  let taps = INPUTS * KERNEL_HEIGHT * KERNEL_WIDTH;
  // Offsets from the first channel or item to the next three. Past the last one they repeat it, and are not
  // stored.
  let next = min(vec3u(1u, 2u, 3u), vec3u(count - 1u - first)) * select(taps, INPUTS * HEIGHT * WIDTH, alone);
  var sum = vec4f();
  for (var ky = 0u; ky < KERNEL_HEIGHT; ky++) {
    var row = top + i32(ky);
    if (CIRCULAR) {
      row = wrap(row, i32(HEIGHT));
    } else if (row < 0 || row >= i32(HEIGHT)) {
      continue;
    }
    for (var kx = 0u; kx < KERNEL_WIDTH; kx++) {
      var column = left + i32(kx);
      if (CIRCULAR) {
        column = wrap(column, i32(WIDTH));
      } else if (column < 0 || column >= i32(WIDTH)) {
        continue;
      }
      var source = (n * INPUTS * HEIGHT + u32(row)) * WIDTH + u32(column);
      var tap = (o * INPUTS * KERNEL_HEIGHT + ky) * KERNEL_WIDTH + kx;
      for (var i = 0u; i < INPUTS; i++) {
        if (count == 1u) {
          sum.x = fma(w[tap], x[source], sum.x);
        } else if (alone) {
          let values = vec4f(x[source], x[source + next.x], x[source + next.y], x[source + next.z]);
          sum = fma(vec4f(w[tap]), values, sum);
        } else {
          let weights = vec4f(w[tap], w[tap + next.x], w[tap + next.y], w[tap + next.z]);
          sum = fma(weights, vec4f(x[source]), sum);
        }
        source += HEIGHT * WIDTH;
        tap += KERNEL_HEIGHT * KERNEL_WIDTH;
      }
    }
  }
  for (var i = 0u; i < min(4u, count - first); i++) {
    y[(n * OUTPUTS + o + i) * pixels + id.x] = sum[i];
  }
}

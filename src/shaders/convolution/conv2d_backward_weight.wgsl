// Gradient of conv2d with respect to w:
//   dw[o][i][ky][kx] = Σ_{n,r,c} dy[n][o][r][c] · x[n][i][r·STRIDE + ky − PADDING][c·STRIDE + kx − PADDING].
// One workgroup computes four weights of a row, kx … kx + 3; its lanes share the pixels.

//#include "parts/conv2d_sizes.wgsl" gives INPUTS, OUTPUTS, HEIGHT to OUT_WIDTH, STRIDE, PADDING and CIRCULAR.
override BATCH: u32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> dw: array<f32>;

var<workgroup> sums: array<vec4f, WORKGROUP>;

//#include "parts/wrap.wgsl" gives wrap.

// A pixel of the row that starts at an element; beyond a border it wraps around or is zero. The last tile of
// a kernel's row may ask for columns that the kernel does not reach; their sums are not stored.
fn value(row: u32, column: i32) -> f32 {
  if (CIRCULAR) {
    return x[row + min(u32(wrap(column, i32(WIDTH))), WIDTH - 1u)];
  }
  let within = column >= 0 && column < i32(WIDTH);
  return select(0.0, x[row + u32(clamp(column, 0, i32(WIDTH) - 1))], within);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tiles = (KERNEL_WIDTH + 3u) / 4u;
  let kx = group.x % tiles * 4u;
  let ky = group.x / tiles;
  let i = group.y;
  let o = group.z;
  let pixels = OUT_HEIGHT * OUT_WIDTH;
  var sum = vec4f();
  for (var n = 0u; n < BATCH; n++) {
    // Each item has its own sum: short sums lose less to rounding than one long sum.
    var of_item = vec4f();
    for (var p = lane; p < pixels; p += WORKGROUP) {
      var row = i32(p / OUT_WIDTH * STRIDE + ky) - i32(PADDING);
      if (CIRCULAR) {
        row = wrap(row, i32(HEIGHT));
      } else if (row < 0 || row >= i32(HEIGHT)) {
        continue;
      }
      let gradient = dy[(n * OUTPUTS + o) * pixels + p];
      let source = ((n * INPUTS + i) * HEIGHT + u32(row)) * WIDTH;
      let left = i32(p % OUT_WIDTH * STRIDE + kx) - i32(PADDING);
      let values = vec4f(value(source, left), value(source, left + 1), value(source, left + 2), value(source, left + 3));
      of_item = fma(vec4f(gradient), values, of_item);
    }
    sum += of_item;
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane == 0u) {
    var total = vec4f();
    for (var j = 0u; j < WORKGROUP; j++) {
      total += sums[j];
    }
    let first = ((o * INPUTS + i) * KERNEL_HEIGHT + ky) * KERNEL_WIDTH + kx;
    for (var j = 0u; j < min(4u, KERNEL_WIDTH - kx); j++) {
      if (ACCUMULATE) {
        dw[first + j] += total[j];
      } else {
        dw[first + j] = total[j];
      }
    }
  }
}

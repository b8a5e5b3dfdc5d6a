// Gradient of conv2d with respect to w: dw[o][i][ky][kx] = Σ_{n,r,c} dy[n][o][r][c] · x[n][i][r·STRIDE + ky − PADDING][…].
// One workgroup makes one weight; its lanes share the pixels.

override INPUTS: u32;
override HEIGHT: u32;
override WIDTH: u32;
override OUTPUTS: u32;
override KERNEL_HEIGHT: u32;
override KERNEL_WIDTH: u32;
override OUT_HEIGHT: u32;
override OUT_WIDTH: u32;
override BATCH: u32;
override STRIDE: u32 = 1;
override PADDING: u32 = 0;
override CIRCULAR: bool = false;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> dw: array<f32>;

var<workgroup> sums: array<f32, WORKGROUP>;

// A place at most one period outside [0, period), brought inside; a division would cost more than the product it serves.
fn wrap(place: i32, period: i32) -> i32 {
  return select(select(place, place - period, place >= period), place + period, place < 0);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let kx = i32(group.x % KERNEL_WIDTH);
  let ky = i32(group.x / KERNEL_WIDTH);
  let i = group.y;
  let o = group.z;
  let pixels = OUT_HEIGHT * OUT_WIDTH;
  var sum = 0.0;
  for (var pixel = lane; pixel < BATCH * pixels; pixel += WORKGROUP) {
    let n = pixel / pixels;
    let p = pixel % pixels;
    var row = i32(p / OUT_WIDTH * STRIDE) + ky - i32(PADDING);
    var column = i32(p % OUT_WIDTH * STRIDE) + kx - i32(PADDING);
    if (CIRCULAR) {
      row = wrap(row, i32(HEIGHT));
      column = wrap(column, i32(WIDTH));
    } else if (row < 0 || row >= i32(HEIGHT) || column < 0 || column >= i32(WIDTH)) {
      continue;
    }
    let source = ((n * INPUTS + i) * HEIGHT + u32(row)) * WIDTH + u32(column);
    sum = fma(dy[(n * OUTPUTS + o) * pixels + p], x[source], sum);
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane == 0u) {
    var total = 0.0;
    for (var j = 0u; j < WORKGROUP; j++) {
      total += sums[j];
    }
    let index = (o * INPUTS + i) * KERNEL_HEIGHT * KERNEL_WIDTH + group.x;
    if (ACCUMULATE) {
      dw[index] += total;
    } else {
      dw[index] = total;
    }
  }
}

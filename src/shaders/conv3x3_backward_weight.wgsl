// Gradient of conv3x3 with respect to w: dw[o][i][ky][kx] = Σ_{n,r,c} dy[n][o][r][c] · x[n][i][r + ky − 1][c + kx − 1].
// One workgroup makes the nine taps of four output channels and one input channel. Its lanes share the columns, and each
// walks down its column with a window of 3×3 pixels, of which every row serves three times.

override BATCH: u32;
override INPUTS: u32;
override OUTPUTS: u32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

struct Size {
  height: u32,
  width: u32,
}

@group(0) @binding(0) var<storage, read> size: Size;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> dw: array<f32>;

var<workgroup> sums: array<array<vec4f, 9>, WORKGROUP>;

// Three neighbouring pixels of a row, zero beyond the border.
fn three(plane: u32, row: i32, column: u32) -> vec3f {
  if (row < 0 || row >= i32(size.height)) {
    return vec3f();
  }
  let middle = plane + u32(row) * size.width + column;
  let left = select(0.0, x[max(middle, 1u) - 1u], column > 0u);
  let right = select(0.0, x[middle + select(0u, 1u, column + 1u < size.width)], column + 1u < size.width);
  return vec3f(left, x[middle], right);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = group.x;
  let o = group.y * 4u;
  let plane = size.height * size.width;
  // From the first output channel to the three after it; past the last one it stays there, and is not stored.
  let next = min(vec3u(1u, 2u, 3u), vec3u(OUTPUTS - 1u - o)) * plane;
  var taps = array<vec4f, 9>();
  for (var line = lane; line < BATCH * size.width; line += WORKGROUP) {
    let column = line % size.width;
    let n = line / size.width;
    let source = (n * INPUTS + i) * plane;
    let slopes = (n * OUTPUTS + o) * plane + column;
    var above = vec3f();
    var middle = three(source, 0, column);
    for (var row = 0u; row < size.height; row++) {
      let below = three(source, i32(row) + 1, column);
      let d = slopes + row * size.width;
      let slope = vec4f(dy[d], dy[d + next.x], dy[d + next.y], dy[d + next.z]);
      taps[0] = fma(slope, vec4f(above.x), taps[0]);
      taps[1] = fma(slope, vec4f(above.y), taps[1]);
      taps[2] = fma(slope, vec4f(above.z), taps[2]);
      taps[3] = fma(slope, vec4f(middle.x), taps[3]);
      taps[4] = fma(slope, vec4f(middle.y), taps[4]);
      taps[5] = fma(slope, vec4f(middle.z), taps[5]);
      taps[6] = fma(slope, vec4f(below.x), taps[6]);
      taps[7] = fma(slope, vec4f(below.y), taps[7]);
      taps[8] = fma(slope, vec4f(below.z), taps[8]);
      above = middle;
      middle = below;
    }
  }
  sums[lane] = taps;
  workgroupBarrier();
  for (var tap = lane; tap < 9u; tap += WORKGROUP) {
    var total = vec4f();
    for (var j = 0u; j < WORKGROUP; j++) {
      total += sums[j][tap];
    }
    for (var j = 0u; j < min(4u, OUTPUTS - o); j++) {
      let index = ((o + j) * INPUTS + i) * 9u + tap;
      if (ACCUMULATE) {
        dw[index] += total[j];
      } else {
        dw[index] = total[j];
      }
    }
  }
}

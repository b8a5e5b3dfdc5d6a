// Gradient with respect to the weights that a 2×2 convolution with stride 2 and its transpose share:
// dw[s][b][ky][kx] = Σ_{n,r,c} small[n][s][r][c] · large[n][b][2r + ky][2c + kx].
// One workgroup makes the weights of one channel b and four channels s; its lanes share the pixels.

override BATCH: u32;
override SMALL: u32;
override LARGE: u32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

struct Size {
  height: u32,
  width: u32,
}

// Of the small image.
@group(0) @binding(0) var<storage, read> size: Size;
@group(0) @binding(1) var<storage, read> small: array<f32>;
@group(0) @binding(2) var<storage, read> large: array<f32>;
@group(0) @binding(3) var<storage, read_write> dw: array<vec4f>;

var<workgroup> sums: array<mat4x4f, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let b = group.x;
  let s = group.y * 4u;
  let pixels = size.height * size.width;
  // Past the last channel it stays there, and is not stored.
  let next = min(vec3u(1u, 2u, 3u), vec3u(SMALL - 1u - s)) * pixels;
  var sum = mat4x4f();
  for (var place = lane; place < BATCH * pixels; place += WORKGROUP) {
    let n = place / pixels;
    let pixel = place % pixels;
    let corner = ((n * LARGE + b) * size.height * 2u + pixel / size.width * 2u) * size.width * 2u + pixel % size.width * 2u;
    let quad = vec4f(large[corner], large[corner + 1u], large[corner + size.width * 2u], large[corner + size.width * 2u + 1u]);
    let source = (n * SMALL + s) * pixels + pixel;
    sum = mat4x4f(
      fma(vec4f(small[source]), quad, sum[0]),
      fma(vec4f(small[source + next.x]), quad, sum[1]),
      fma(vec4f(small[source + next.y]), quad, sum[2]),
      fma(vec4f(small[source + next.z]), quad, sum[3]),
    );
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane == 0u) {
    var total = mat4x4f();
    for (var j = 0u; j < WORKGROUP; j++) {
      total += sums[j];
    }
    for (var j = 0u; j < min(4u, SMALL - s); j++) {
      let index = (s + j) * LARGE + b;
      if (ACCUMULATE) {
        dw[index] += total[j];
      } else {
        dw[index] = total[j];
      }
    }
  }
}

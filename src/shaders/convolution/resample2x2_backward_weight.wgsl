// Gradient with respect to the weights of a 2×2 convolution with stride 2, or of its transpose:
// dw[s][b][ky][kx] = Σ_{n,r,c} small[n][s][r][c] · large[n][b][2r + ky][2c + kx].
// One workgroup computes the weights of one channel b and four channels s; its lanes share the pixels.

override WORKGROUP: u32 = 64;

struct Shape {
  batch: u32,
  small: u32,
  large: u32,
  // Of the small image.
  height: u32,
  width: u32,
  accumulate: u32,
}

@group(0) @binding(0) var<storage, read> shape: Shape;
@group(0) @binding(1) var<storage, read> small: array<f32>;
@group(0) @binding(2) var<storage, read> large: array<f32>;
@group(0) @binding(3) var<storage, read_write> dw: array<vec4f>;

var<workgroup> sums: array<mat4x4f, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let b = group.x;
  let s = group.y * 4u;
  let pixels = shape.height * shape.width;
  // Channels past the last one repeat it, and are not stored.
  let next = min(vec3u(1u, 2u, 3u), vec3u(shape.small - 1u - s)) * pixels;
  var sum = mat4x4f();
  for (var place = lane; place < shape.batch * pixels; place += WORKGROUP) {
    let n = place / pixels;
    let pixel = place % pixels;
    let corner = ((n * shape.large + b) * shape.height * 2u + pixel / shape.width * 2u) * shape.width * 2u + pixel % shape.width * 2u;
    let quad = vec4f(large[corner], large[corner + 1u], large[corner + shape.width * 2u], large[corner + shape.width * 2u + 1u]);
    let source = (n * shape.small + s) * pixels + pixel;
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
    for (var j = 0u; j < min(4u, shape.small - s); j++) {
      let index = (s + j) * shape.large + b;
      if (shape.accumulate != 0u) {
        dw[index] += total[j];
      } else {
        dw[index] = total[j];
      }
    }
  }
}

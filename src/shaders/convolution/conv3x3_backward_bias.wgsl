// Gradient of a convolution's biases: dbias[o] = Σ_{n,p} dy[n][o][p]. One workgroup a channel.

override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

struct Shape {
  batch: u32,
  outputs: u32,
  pixels: u32,
}

@group(0) @binding(0) var<storage, read> shape: Shape;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> dbias: array<f32>;

var<workgroup> sums: array<f32, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var n = 0u; n < shape.batch; n++) {
    let plane = (n * shape.outputs + group.x) * shape.pixels;
    for (var i = lane; i < shape.pixels; i += WORKGROUP) {
      sum += dy[plane + i];
    }
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane == 0u) {
    var total = 0.0;
    for (var i = 0u; i < WORKGROUP; i++) {
      total += sums[i];
    }
    if (ACCUMULATE) {
      total += dbias[group.x];
    }
    dbias[group.x] = total;
  }
}

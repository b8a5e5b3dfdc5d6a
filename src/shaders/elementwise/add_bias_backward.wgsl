// Gradients of add_bias: dx = dy, or with RELU only where y > 0, and dbias[m] = Σ_p dx[m][p]. One workgroup
// per row. COLUMNS is a multiple of 4.

override COLUMNS: u32;
override RELU: bool = false;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> y: array<vec4f>;
@group(0) @binding(1) var<storage, read> dy: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> dx: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> dbias: array<f32>;

var<workgroup> sums: array<vec4f, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.x;
  let width = COLUMNS / 4u;
  var sum = vec4f();
  for (var i = row * width + lane; i < (row + 1u) * width; i += WORKGROUP) {
    let gradient = select(dy[i], select(vec4f(), dy[i], y[i] > vec4f()), RELU);
    if (ACCUMULATE) {
      dx[i] += gradient;
    } else {
      dx[i] = gradient;
    }
    sum += gradient;
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane == 0u) {
    var total = vec4f();
    for (var i = 0u; i < WORKGROUP; i++) {
      total += sums[i];
    }
    let gradient = dot(total, vec4f(1.0));
    if (ACCUMULATE) {
      dbias[row] += gradient;
    } else {
      dbias[row] = gradient;
    }
  }
}

// Gradient of a ReLU, in place: dy ← dy where y > 0, else 0.

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> y: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> dy: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let index = id.y * workgroups.x * WORKGROUP + id.x;
  if (index < arrayLength(&dy)) {
    dy[index] = select(vec4f(), dy[index], y[index] > vec4f());
  }
}

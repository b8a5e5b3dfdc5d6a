// Adds a gradient x to another: y ← y + x, or y ← x for the first one.

override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let index = id.y * workgroups.x * WORKGROUP + id.x;
  if (index >= arrayLength(&y)) {
    return;
  }
  if (ACCUMULATE) {
    y[index] += x[index];
  } else {
    y[index] = x[index];
  }
}

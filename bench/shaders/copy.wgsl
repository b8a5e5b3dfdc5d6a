// y ← x, EACH vec4 an invocation, whole workgroups side by side.

override COUNT: u32;
override EACH: u32 = 1;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * WORKGROUP * EACH + lane;
  for (var i = 0u; i < EACH; i++) {
    let at = first + i * WORKGROUP;
    if (at < COUNT) {
      y[at] = x[at];
    }
  }
}

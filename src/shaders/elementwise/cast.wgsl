// y = x in another storage type.

override WORKGROUP: u32 = 64;

// Storage types.
alias X = f32;
alias Y = f32;

@group(0) @binding(0) var<storage, read> x: array<vec4<X>>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4<Y>>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let index = id.y * workgroups.x * WORKGROUP + id.x;
  if (index < min(arrayLength(&x), arrayLength(&y))) {
    y[index] = vec4<Y>(x[index]);
  }
}

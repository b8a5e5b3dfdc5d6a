// c = a + b. Tensors fill up to a whole vec4, so that their length says how much there is to do.

override WORKGROUP: u32 = 64;

// Type in memory; the sum is of f32.
alias Stored = f32;

@group(0) @binding(0) var<storage, read> a: array<vec4<Stored>>;
@group(0) @binding(1) var<storage, read> b: array<vec4<Stored>>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4<Stored>>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let index = id.y * workgroups.x * WORKGROUP + id.x;
  if (index < arrayLength(&c)) {
    c[index] = vec4<Stored>(vec4f(a[index]) + vec4f(b[index]));
  }
}

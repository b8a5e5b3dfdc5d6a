// c = a + b. Tensors are padded to whole vec4, and `arrayLength` says how many there are.

override WORKGROUP: u32 = 64;

// Storage type; the sum is in f32.
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

// The most arithmetic that a shader can do here: CHAINS independent chains of x ← a · x + b on vec4, with nothing to load.

// Rounds of the loop; each does eight links of every chain.
override ROUNDS: u32;
override CHAINS: u32 = 8;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> factors: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> sums: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  // Loaded, so that no compiler knows them.
  let a = factors[0];
  let b = factors[1];
  let first = vec4f(f32(id.x));
  var x0 = first; var x1 = first + 1.0; var x2 = first + 2.0; var x3 = first + 3.0;
  var x4 = first + 4.0; var x5 = first + 5.0; var x6 = first + 6.0; var x7 = first + 7.0;
  var x8 = first + 8.0; var x9 = first + 9.0; var x10 = first + 10.0; var x11 = first + 11.0;
  var x12 = first + 12.0; var x13 = first + 13.0; var x14 = first + 14.0; var x15 = first + 15.0;
  for (var round = 0u; round < ROUNDS; round++) {
    x0 = link(x0, a, b); x1 = link(x1, a, b);
    if (CHAINS > 2u) {
      x2 = link(x2, a, b); x3 = link(x3, a, b);
    }
    if (CHAINS > 4u) {
      x4 = link(x4, a, b); x5 = link(x5, a, b); x6 = link(x6, a, b); x7 = link(x7, a, b);
    }
    if (CHAINS > 8u) {
      x8 = link(x8, a, b); x9 = link(x9, a, b); x10 = link(x10, a, b); x11 = link(x11, a, b);
      x12 = link(x12, a, b); x13 = link(x13, a, b); x14 = link(x14, a, b); x15 = link(x15, a, b);
    }
  }
  sums[id.x] = x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11 + x12 + x13 + x14 + x15;
}

fn link(x: vec4f, a: vec4f, b: vec4f) -> vec4f {
  var y = x;
  y = fma(a, y, b); y = fma(a, y, b); y = fma(a, y, b); y = fma(a, y, b);
  y = fma(a, y, b); y = fma(a, y, b); y = fma(a, y, b); y = fma(a, y, b);
  return y;
}

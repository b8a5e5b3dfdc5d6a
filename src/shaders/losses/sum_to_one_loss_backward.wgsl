// Gradient of WEIGHT · |1 − Σ k|: the same for every element.

override COUNT: u32;
override WEIGHT: f32 = 1;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> k: array<f32>;
@group(0) @binding(1) var<storage, read_write> dk: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= COUNT) {
    return;
  }
  var sum = 0.0;
  for (var i = 0u; i < COUNT; i++) {
    sum += k[i];
  }
  let value = WEIGHT * sign(sum - 1.0);
  if (ACCUMULATE) {
    dk[id.x] += value;
  } else {
    dk[id.x] = value;
  }
}

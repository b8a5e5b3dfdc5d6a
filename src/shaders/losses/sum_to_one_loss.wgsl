// loss = |1 − Σ k|.

override COUNT: u32;

@group(0) @binding(0) var<storage, read> k: array<f32>;
@group(0) @binding(1) var<storage, read_write> loss: array<f32>;

@compute @workgroup_size(1)
fn main() {
  var sum = 0.0;
  for (var i = 0u; i < COUNT; i++) {
    sum += k[i];
  }
  loss[0] = abs(1.0 - sum);
}

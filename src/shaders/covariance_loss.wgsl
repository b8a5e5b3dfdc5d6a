// loss = Σ |C(k) − C(reference)| over the four entries of the covariances of SIDE×SIDE grids of weights,
// C_xy = Σ x y k − (Σ x k)(Σ y k), and dk = WEIGHT times its slope. One workgroup of few; grids are small.

override SIDE: u32;
override WEIGHT: f32;

@group(0) @binding(0) var<storage, read> k: array<f32>;
@group(0) @binding(1) var<storage, read> reference: array<f32>;
@group(0) @binding(2) var<storage, read_write> loss: array<f32>;
@group(0) @binding(3) var<storage, read_write> dk: array<f32>;

fn place(index: u32) -> vec2f {
  return vec2f(f32(index % SIDE), f32(index / SIDE));
}

@compute @workgroup_size(1)
fn main() {
  // x, y, of both grids; then xx, yy, xy.
  var mean = vec2f();
  var mean_reference = vec2f();
  var square = vec3f();
  var square_reference = vec3f();
  for (var i = 0u; i < SIDE * SIDE; i++) {
    let at = place(i);
    let products = vec3f(at * at, at.x * at.y);
    mean += k[i] * at;
    mean_reference += reference[i] * at;
    square += k[i] * products;
    square_reference += reference[i] * products;
  }
  let covariance = square - vec3f(mean * mean, mean.x * mean.y);
  let truth = square_reference - vec3f(mean_reference * mean_reference, mean_reference.x * mean_reference.y);
  // The entry xy counts twice.
  let share = vec3f(1.0, 1.0, 2.0);
  let difference = covariance - truth;
  loss[0] = dot(share, abs(difference));
  let slope = WEIGHT * share * sign(difference);
  for (var i = 0u; i < SIDE * SIDE; i++) {
    let at = place(i);
    let own = vec3f(at * at - 2.0 * mean * at, at.x * at.y - mean.x * at.y - mean.y * at.x);
    dk[i] = dot(slope, own);
  }
}

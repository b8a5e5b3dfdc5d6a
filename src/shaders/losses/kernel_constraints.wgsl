// KernelGAN's constraints on a kernel k [SIZE, SIZE], with the step's weights w (sum, boundaries, sparsity, center):
//   w.x · |1 − Σ k| + w.y · mean |penalty · k| + w.z · mean |k|^POWER
//   + w.w · ½ ((x̄ − CENTER)² + (ȳ − CENTER)²)
// with the center of mass x̄ = Σ x·k / Σ k, ȳ likewise; and the gradient with respect to k.

override SIZE: u32;
override POWER: f32;
override CENTER: f32;
override WORKGROUP: u32 = 64;

// Next to zero the derivative of |k|^POWER grows without bound.
const MIN_VALUE = 1e-8;

//#include "../parts/counter.wgsl" gives Counter.

@group(0) @binding(0) var<storage, read> k: array<f32>;
@group(0) @binding(1) var<storage, read> penalty: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<vec4f>;
@group(0) @binding(3) var<storage, read> counter: Counter;
@group(0) @binding(4) var<storage, read_write> loss: array<f32>;
@group(0) @binding(5) var<storage, read_write> gradient: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let count = SIZE * SIZE;
  if (id.x >= count) {
    return;
  }
  // Σ k, Σ x·k, Σ y·k: every invocation computes them, since a kernel is small.
  var mass = vec3f();
  var outside = 0.0;
  var sparsity = 0.0;
  for (var i = 0u; i < count; i++) {
    mass = fma(vec3f(1.0, f32(i % SIZE), f32(i / SIZE)), vec3f(k[i]), mass);
    outside += abs(penalty[i] * k[i]);
    sparsity += pow(max(abs(k[i]), MIN_VALUE), POWER);
  }
  let offset = mass.yz / mass.x - CENTER;
  let w = weights[counter.step];
  if (id.x == 0u) {
    let means = vec2f(outside, sparsity) / f32(count);
    loss[0] = dot(w, vec4f(abs(1.0 - mass.x), means, 0.5 * dot(offset, offset)));
  }
  let value = k[id.x];
  let size = max(abs(value), MIN_VALUE);
  let place = vec2f(f32(id.x % SIZE), f32(id.x / SIZE));
  gradient[id.x] = dot(w, vec4f(
    sign(mass.x - 1.0),
    penalty[id.x] * sign(value) / f32(count),
    POWER * pow(size, POWER - 1.0) * sign(value) / f32(count),
    dot(offset, place - CENTER - offset) / mass.x,
  ));
}

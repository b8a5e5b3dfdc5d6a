// y = x + SIGMA · normal noise: two values per call of Threefry-2x32 (20 rounds; Salmon et al. 2011), with
// the key (seed, STREAM) and the counter (pair, step). A seed gives the same noise on every device.

override COUNT: u32;
override SIGMA: f32;
override STREAM: u32;
override WORKGROUP: u32 = 64;

//#include "../parts/counter.wgsl" gives Counter.

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> counter: Counter;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

fn mix(state: vec2u, rotation: u32) -> vec2u {
  let sum = state.x + state.y;
  return vec2u(sum, ((state.y << rotation) | (state.y >> (32u - rotation))) ^ sum);
}

fn four_rounds(state: vec2u, rotations: vec4u) -> vec2u {
  return mix(mix(mix(mix(state, rotations.x), rotations.y), rotations.z), rotations.w);
}

fn threefry(key: vec2u, count: vec2u) -> vec2u {
  const even = vec4u(13u, 15u, 26u, 6u);
  const odd = vec4u(17u, 29u, 16u, 24u);
  let third = key.x ^ key.y ^ 0x1BD11BDAu;
  var state = count + key;
  state = four_rounds(state, even) + vec2u(key.y, third + 1u);
  state = four_rounds(state, odd) + vec2u(third, key.x + 2u);
  state = four_rounds(state, even) + vec2u(key.x, key.y + 3u);
  state = four_rounds(state, odd) + vec2u(key.y, third + 4u);
  state = four_rounds(state, even) + vec2u(third, key.x + 5u);
  return state;
}

// Cosine and sine of a number of turns in [0, 1), because WGSL allows the built-in functions an error of
// 2⁻¹¹. Taylor series up to an eighth of a turn around the nearest quarter; the next terms are below 3e-8.
fn cos_sin(turns: f32) -> vec2f {
  let quarter = round(4.0 * turns);
  let x = (4.0 * turns - quarter) * 1.5707963267948966;
  let x2 = x * x;
  let c = fma(x2, fma(x2, fma(x2, fma(x2, 1.0 / 40320.0, -1.0 / 720.0), 1.0 / 24.0), -0.5), 1.0);
  let s = x * fma(x2, fma(x2, fma(x2, fma(x2, 1.0 / 362880.0, -1.0 / 5040.0), 1.0 / 120.0), -1.0 / 6.0), 1.0);
  let swapped = select(vec2f(c, s), vec2f(-s, c), (u32(quarter) & 1u) == 1u);
  return select(swapped, -swapped, (u32(quarter) & 2u) == 2u);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let index = id.y * workgroups.x * WORKGROUP + id.x;
  let first = 2u * index;
  if (first >= COUNT) {
    return;
  }
  let bits = threefry(vec2u(counter.seed, STREAM), vec2u(index, counter.step));
  // Box–Muller; u1 is in (0, 1], so that its logarithm is finite.
  let u1 = f32((bits.x >> 8u) + 1u) * exp2(-24.0);
  let u2 = f32(bits.y >> 8u) * exp2(-24.0);
  let radius = SIGMA * sqrt(-2.0 * log(u1));
  let direction = cos_sin(u2);
  y[first] = x[first] + radius * direction.x;
  if (first + 1u < COUNT) {
    y[first + 1u] = x[first + 1u] + radius * direction.y;
  }
}

// One pass of a Stockham FFT, with radix r = RADIX in {2, 3, 4, 5, 8, 16}, along lines of length n. After
// passes whose radices multiply to p, butterfly i < n/r reads, with k = i mod p,
//   a[s] = exp(−2πj · s·k / (p·r)) · source[i + s · n/r],
// and writes result[(i − k)·r + k + q·p] = Σ_s exp(−2πj · q·s / r) · a[s]: the last pass leaves natural
// order. A MODULATED pass is a first pass that multiplies its source by a table, and pads it with zeros.
// Lines are rows, [image][line][place], or columns, [image][place][line]. One invocation computes one
// butterfly. Neighboring invocations are neighbors in memory: butterflies of a row, or lines of columns.

override RADIX: u32;
override FIRST: bool = false; // p = 1, so that all factors exp(…) of the inputs are 1
override MODULATED: bool = false;
override WORKGROUP: u32 = 64;

struct Pass {
  columns: u32, // whether lines are columns
  lines: u32, // of an image
  butterflies: u32, // n/r
  done: u32, // p
  source_length: u32, // n, or less if MODULATED
}

@group(0) @binding(0) var<storage, read> source: array<vec2f>;
@group(0) @binding(1) var<storage, read> table: array<vec2f>; // exp(−2πj · m / n) for m < n, or the modulation
@group(0) @binding(2) var<storage, read> parameters: Pass;
@group(0) @binding(3) var<storage, read_write> result: array<vec2f>;

// The number of this butterfly; where its inputs and outputs start, and how far apart they are; the root of
// input s = 1.
var<private> butterfly: u32;
var<private> input: u32;
var<private> input_step: u32;
var<private> output: u32;
var<private> output_step: u32;
var<private> root: u32;

fn times(a: vec2f, b: vec2f) -> vec2f {
  return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

// −j · z.
fn turned(z: vec2f) -> vec2f {
  return vec2f(z.y, -z.x);
}

fn load(s: u32) -> vec2f {
  if (MODULATED) {
    let place = butterfly + s * parameters.butterflies;
    if (place >= parameters.source_length) {
      return vec2f();
    }
    return times(source[input + s * input_step], table[place]);
  }
  let z = source[input + s * input_step];
  if (FIRST || s == 0u) {
    return z;
  }
  return times(z, table[s * root]);
}

fn store(q: u32, z: vec2f) {
  result[output + q * output_step] = z;
}

fn dft4(a: vec2f, b: vec2f, c: vec2f, d: vec2f) -> array<vec2f, 4> {
  let even = a + c;
  let odd = b + d;
  let even_difference = a - c;
  let odd_difference = turned(b - d);
  return array<vec2f, 4>(
    even + odd, even_difference + odd_difference, even - odd, even_difference - odd_difference);
}

// Outputs q, q + 4, q + 8, q + 12.
fn store4(q: u32, z: array<vec2f, 4>) {
  store(q, z[0]);
  store(q + 4u, z[1]);
  store(q + 8u, z[2]);
  store(q + 12u, z[3]);
}

fn radix2() {
  let a = load(0u);
  let b = load(1u);
  store(0u, a + b);
  store(1u, a - b);
}

fn radix3() {
  let a = load(0u);
  let b = load(1u);
  let c = load(2u);
  let sum = b + c;
  let middle = a - 0.5 * sum;
  let difference = 0.8660254037844386 * turned(b - c); // sin 60°
  store(0u, a + sum);
  store(1u, middle + difference);
  store(2u, middle - difference);
}

fn radix4() {
  let z = dft4(load(0u), load(1u), load(2u), load(3u));
  store(0u, z[0]);
  store(1u, z[1]);
  store(2u, z[2]);
  store(3u, z[3]);
}

fn radix5() {
  const COS1 = 0.30901699437494745; // of 72°
  const SIN1 = 0.9510565162951535;
  const COS2 = -0.8090169943749475; // of 144°
  const SIN2 = 0.5877852522924731;
  let a = load(0u);
  let b = load(1u);
  let c = load(2u);
  let d = load(3u);
  let e = load(4u);
  let sum1 = b + e;
  let sum2 = c + d;
  let difference1 = turned(b - e);
  let difference2 = turned(c - d);
  let middle1 = a + COS1 * sum1 + COS2 * sum2;
  let middle2 = a + COS2 * sum1 + COS1 * sum2;
  let side1 = SIN1 * difference1 + SIN2 * difference2;
  let side2 = SIN2 * difference1 - SIN1 * difference2;
  store(0u, a + sum1 + sum2);
  store(1u, middle1 + side1);
  store(2u, middle2 + side2);
  store(3u, middle2 - side2);
  store(4u, middle1 - side1);
}

fn radix8() {
  const HALF = 0.7071067811865476; // cos 45°
  let even = dft4(load(0u), load(2u), load(4u), load(6u));
  let odd = dft4(load(1u), load(3u), load(5u), load(7u));
  let odd1 = HALF * (odd[1] + turned(odd[1]));
  let odd2 = turned(odd[2]);
  let odd3 = HALF * (turned(odd[3]) - odd[3]);
  store(0u, even[0] + odd[0]);
  store(1u, even[1] + odd1);
  store(2u, even[2] + odd2);
  store(3u, even[3] + odd3);
  store(4u, even[0] - odd[0]);
  store(5u, even[1] - odd1);
  store(6u, even[2] - odd2);
  store(7u, even[3] - odd3);
}

// Four transforms of four, factors exp(−2πj · m / 16), and four transforms of four.
fn radix16() {
  const TURN1 = vec2f(0.9238795325112867, -0.3826834323650898);
  const TURN2 = vec2f(0.7071067811865476, -0.7071067811865476);
  const TURN3 = vec2f(0.3826834323650898, -0.9238795325112867);
  const TURN6 = vec2f(-0.7071067811865476, -0.7071067811865476);
  const TURN9 = vec2f(-0.9238795325112867, 0.3826834323650898);
  let a = dft4(load(0u), load(4u), load(8u), load(12u));
  let b = dft4(load(1u), load(5u), load(9u), load(13u));
  let c = dft4(load(2u), load(6u), load(10u), load(14u));
  let d = dft4(load(3u), load(7u), load(11u), load(15u));
  store4(0u, dft4(a[0], b[0], c[0], d[0]));
  store4(1u, dft4(a[1], times(b[1], TURN1), times(c[1], TURN2), times(d[1], TURN3)));
  store4(2u, dft4(a[2], times(b[2], TURN2), turned(c[2]), times(d[2], TURN6)));
  store4(3u, dft4(a[3], times(b[3], TURN3), times(c[3], TURN6), times(d[3], TURN9)));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let columns = parameters.columns != 0u;
  let lines = parameters.lines;
  let butterflies = parameters.butterflies;
  let done = parameters.done;
  let line = select(id.y, id.x, columns);
  butterfly = select(id.x, id.y, columns);
  if (line >= lines || butterfly >= butterflies) {
    return;
  }
  let k = butterfly % done;
  let step = select(1u, lines, columns);
  let length = butterflies * RADIX;
  let source_line = id.z * lines * parameters.source_length + line * select(parameters.source_length, 1u, columns);
  let result_line = id.z * lines * length + line * select(length, 1u, columns);
  input = source_line + butterfly * step;
  input_step = butterflies * step;
  output = result_line + ((butterfly - k) * RADIX + k) * step;
  output_step = done * step;
  root = k * (butterflies / done);
  switch (RADIX) {
    case 2u: { radix2(); }
    case 3u: { radix3(); }
    case 4u: { radix4(); }
    case 5u: { radix5(); }
    case 8u: { radix8(); }
    default: { radix16(); }
  }
}

// The pass of fft_pass for an odd prime r = RADIX up to 13, from sums and differences of the inputs s and r −
// s:
//   result[… + q·p] = a[0] + Σ_{s=1}^{(r−1)/2} cos(2π·q·s/r) · (a[s] + a[r − s])
//                          − j · Σ_{s=1}^{(r−1)/2} sin(2π·q·s/r) · (a[s] − a[r − s]).
// For r − q only the sign of the second sum changes.

override RADIX: u32;
override WORKGROUP: u32 = 64;

struct Pass {
  columns: u32, // whether lines are columns
  lines: u32, // of an image
  butterflies: u32, // n/r
  done: u32, // p
  source_length: u32, // n
}

@group(0) @binding(0) var<storage, read> source: array<vec2f>;
@group(0) @binding(1) var<storage, read> table: array<vec2f>; // exp(−2πj · m / n) for m < n
@group(0) @binding(2) var<storage, read> parameters: Pass;
@group(0) @binding(3) var<storage, read_write> result: array<vec2f>;

fn times(a: vec2f, b: vec2f) -> vec2f {
  return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let columns = parameters.columns != 0u;
  let lines = parameters.lines;
  let butterflies = parameters.butterflies;
  let done = parameters.done;
  let line = select(id.y, id.x, columns);
  let butterfly = select(id.x, id.y, columns);
  if (line >= lines || butterfly >= butterflies) {
    return;
  }
  let k = butterfly % done;
  let step = select(1u, lines, columns);
  let length = parameters.source_length;
  let start = id.z * lines * length + line * select(length, 1u, columns);
  let input = start + butterfly * step;
  let input_step = butterflies * step;
  let output = start + ((butterfly - k) * RADIX + k) * step;
  let output_step = done * step;
  let root = k * (butterflies / done);

  let first = source[input];
  var sums: array<vec2f, 6>;
  var differences: array<vec2f, 6>;
  var total = first;
  for (var s = 1u; s <= RADIX / 2u; s++) {
    let a = times(source[input + s * input_step], table[s * root]);
    let b = times(source[input + (RADIX - s) * input_step], table[(RADIX - s) * root]);
    sums[s - 1u] = a + b;
    differences[s - 1u] = a - b;
    total += a + b;
  }
  result[output] = total;
  for (var q = 1u; q <= RADIX / 2u; q++) {
    var middle = first;
    var side = vec2f();
    for (var s = 1u; s <= RADIX / 2u; s++) {
      let turn = table[(q * s) % RADIX * butterflies];
      middle += turn.x * sums[s - 1u];
      side += turn.y * vec2f(-differences[s - 1u].y, differences[s - 1u].x);
    }
    result[output + q * output_step] = middle + side;
    result[output + (RADIX - q) * output_step] = middle - side;
  }
}

// The end of Bluestein's method: result[k] = chirp[k] · source[−k modulo M] for k < n, along lines of length
// M to lines of length n. It reads backwards, which makes the forward transform before it an inverse one.
// Lines are rows, [image][line][place], or columns, [image][place][line].

override WORKGROUP: u32 = 64;

struct Chirp {
  columns: u32, // whether lines are columns
  lines: u32, // of an image
  source_length: u32, // M
  length: u32, // n
}

@group(0) @binding(0) var<storage, read> source: array<vec2f>;
@group(0) @binding(1) var<storage, read> table: array<vec2f>; // exp(−πj · k² / n) for k < n
@group(0) @binding(2) var<storage, read> parameters: Chirp;
@group(0) @binding(3) var<storage, read_write> result: array<vec2f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let columns = parameters.columns != 0u;
  let lines = parameters.lines;
  let length = parameters.length;
  let line = select(id.y, id.x, columns);
  let k = select(id.x, id.y, columns);
  if (line >= lines || k >= length) {
    return;
  }
  let source_length = parameters.source_length;
  let mirror = select(source_length - k, 0u, k == 0u);
  let step = select(1u, lines, columns);
  let input = id.z * lines * source_length + line * select(source_length, 1u, columns) + mirror * step;
  let output = id.z * lines * length + line * select(length, 1u, columns) + k * step;
  let a = table[k];
  let b = source[input];
  result[output] = vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

// Copies some columns of a table to a place in another: result[n][TO_FIRST + i] = source[n][FROM_FIRST + i].

override COLUMNS: u32;
override FROM_WIDTH: u32;
override FROM_FIRST: u32;
override TO_WIDTH: u32;
override TO_FIRST: u32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> source: array<f32>;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= COLUMNS) {
    return;
  }
  let place = id.y * TO_WIDTH + TO_FIRST + id.x;
  var value = source[id.y * FROM_WIDTH + FROM_FIRST + id.x];
  if (ACCUMULATE) {
    value += result[place];
  }
  result[place] = value;
}

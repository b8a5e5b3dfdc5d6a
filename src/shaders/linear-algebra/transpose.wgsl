// out[n][c][r] = x[n][r][c].

override ROWS: u32;
override COLUMNS: u32;
override BATCH: u32;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= BATCH * ROWS * COLUMNS) {
    return;
  }
  let row = id.x % ROWS;
  let column = (id.x / ROWS) % COLUMNS;
  let n = id.x / (ROWS * COLUMNS);
  out[id.x] = x[(n * ROWS + row) * COLUMNS + column];
}

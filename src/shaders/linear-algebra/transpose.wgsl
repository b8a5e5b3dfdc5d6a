// out[n][c][r] = x[n][r][c].

override ROWS: u32;
override COLUMNS: u32;
override BATCH: u32;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let index = id.y * workgroups.x * WORKGROUP + id.x;
  if (index < BATCH * ROWS * COLUMNS) {
    let n = index / (ROWS * COLUMNS);
    let column = index / ROWS % COLUMNS;
    out[index] = x[(n * ROWS + index % ROWS) * COLUMNS + column];
  }
}

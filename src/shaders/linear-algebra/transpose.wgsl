// out[n][c][r] = x[n][r][c].

override ROWS: u32;
override COLUMNS: u32;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < ROWS) {
    out[(id.z * COLUMNS + id.y) * ROWS + id.x] = x[(id.z * ROWS + id.x) * COLUMNS + id.y];
  }
}

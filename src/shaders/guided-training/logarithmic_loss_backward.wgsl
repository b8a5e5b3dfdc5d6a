// Gradient of WEIGHT · Σ_n loss[n] of logarithmic_loss, given its errors. One invocation a pixel of a picture.

override HEIGHT: u32;
override WIDTH: u32;
override RIM: u32;
override WEIGHT: f32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> sharp: array<f32>;
@group(0) @binding(2) var<storage, read> errors: array<f32>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>;

//#include "parts/weighted_error.wgsl" gives LUMA, COLOR and error_at.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= HEIGHT * WIDTH) {
    return;
  }
  let row = id.x / WIDTH;
  let column = id.x % WIDTH;
  var gradient = vec3f();
  if (min(row, column) >= RIM && row + RIM < HEIGHT && column + RIM < WIDTH) {
    let error = error_at(id.y, id.x);
    let pixels = f32((WIDTH - 2u * RIM) * (HEIGHT - 2u * RIM));
    gradient = WEIGHT / (10.0 * pixels * errors[id.y]) * (dot(error, LUMA) * LUMA + COLOR / 3.0 * error);
  }
  for (var c = 0u; c < 3u; c++) {
    let index = (id.y * 3u + c) * HEIGHT * WIDTH + id.x;
    if (ACCUMULATE) {
      dx[index] += gradient[c];
    } else {
      dx[index] = gradient[c];
    }
  }
}

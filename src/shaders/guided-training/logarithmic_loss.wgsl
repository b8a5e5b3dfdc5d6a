// The logarithm of a picture's mean square error, as PSNR has it: with e = x − sharp, RIM pixels of the border left out,
//   errors[n] = mean_p (Σ_c LUMA_c·e[n][c][p])² + COLOR · mean_{c,p} e[n][c][p]² + FAINT,  loss[n] = log(errors[n]) / 20.
// One workgroup a picture.

override HEIGHT: u32;
override WIDTH: u32;
override RIM: u32;
override FAINT: f32;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> sharp: array<f32>;
@group(0) @binding(2) var<storage, read_write> errors: array<f32>;
@group(0) @binding(3) var<storage, read_write> loss: array<f32>;

//#include "parts/weighted_error.wgsl" gives LUMA, COLOR and error_at.
//#include "../parts/lane_sum.wgsl" gives lane_sum.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let width = WIDTH - 2u * RIM;
  let pixels = width * (HEIGHT - 2u * RIM);
  var sum = 0.0;
  for (var i = lane; i < pixels; i += WORKGROUP) {
    let error = error_at(group.x, (RIM + i / width) * WIDTH + RIM + i % width);
    let luma = dot(error, LUMA);
    sum += luma * luma + COLOR / 3.0 * dot(error, error);
  }
  let total = lane_sum(sum, lane);
  if (lane == 0u) {
    let error = total / f32(pixels) + FAINT;
    errors[group.x] = error;
    loss[group.x] = log(error) / 20.0;
  }
}

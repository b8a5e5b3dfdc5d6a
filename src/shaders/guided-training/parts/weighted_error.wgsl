// Luma counts more than color.
const LUMA = vec3f(0.257, 0.504, 0.098);
const COLOR = 0.3;

// Red, green and blue of the error of a pixel.
fn error_at(n: u32, pixel: u32) -> vec3f {
  let first = n * 3u * HEIGHT * WIDTH + pixel;
  let second = first + HEIGHT * WIDTH;
  let third = second + HEIGHT * WIDTH;
  return vec3f(x[first] - sharp[first], x[second] - sharp[second], x[third] - sharp[third]);
}

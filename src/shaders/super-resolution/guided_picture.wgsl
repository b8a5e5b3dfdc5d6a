// The guided network's picture: bicubic enlargement of the small image (Keys's cubic of slope SLOPE, borders repeated), moved toward two
// guesses by their gates if MIXED, else the sharp guess; plus the network's planes as pixels (pixel-shuffle). It is rolled by (down, right) large pixels:
//   y[n][c][(R + down) mod H][(C + right) mod W] = b + Σ_g gates[n][g] · (guess_g − b) + x[n][(c·SCALE + R mod SCALE)·SCALE + C mod SCALE][⌊R / SCALE⌋][⌊C / SCALE⌋].

override SCALE: u32;
override SLOPE: f32;
override MIXED: bool;
override WORKGROUP: u32 = 64;

struct Sizes {
  // Of the small image.
  height: u32,
  width: u32,
  // Not negative.
  down: u32,
  right: u32,
}

@group(0) @binding(0) var<storage, read> sizes: Sizes;
@group(0) @binding(1) var<storage, read> small: array<f32>;
@group(0) @binding(2) var<storage, read> sharp: array<f32>;
@group(0) @binding(3) var<storage, read> calm: array<f32>;
@group(0) @binding(4) var<storage, read> gates: array<f32>;
@group(0) @binding(5) var<storage, read> x: array<f32>;
@group(0) @binding(6) var<storage, read_write> y: array<f32>;

// Weights of the four small pixels around a place, which lies `t` beyond the second.
fn cubic(t: f32) -> vec4f {
  let far = vec4f(1.0 + t, t, 1.0 - t, 2.0 - t);
  let near = ((SLOPE + 2.0) * far - vec4f(SLOPE + 3.0)) * far * far + vec4f(1.0);
  let away = ((SLOPE * far - vec4f(5.0 * SLOPE)) * far + vec4f(8.0 * SLOPE)) * far - vec4f(4.0 * SLOPE);
  return vec4f(away.x, near.y, near.z, away.w);
}

fn clamped(place: i32, length: u32) -> u32 {
  return u32(clamp(place, 0, i32(length) - 1));
}

fn bicubic(plane: u32, row: u32, column: u32) -> f32 {
  let down = (f32(row) + 0.5) / f32(SCALE) - 0.5;
  let right = (f32(column) + 0.5) / f32(SCALE) - 0.5;
  let vertical = cubic(fract(down));
  let horizontal = cubic(fract(right));
  let top = i32(floor(down)) - 1;
  let left = i32(floor(right)) - 1;
  var sum = 0.0;
  for (var i = 0; i < 4; i++) {
    let line = (plane * sizes.height + clamped(top + i, sizes.height)) * sizes.width;
    let pixels = vec4f(
      small[line + clamped(left, sizes.width)],
      small[line + clamped(left + 1, sizes.width)],
      small[line + clamped(left + 2, sizes.width)],
      small[line + clamped(left + 3, sizes.width)],
    );
    sum += vertical[i] * dot(horizontal, pixels);
  }
  return sum;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let height = sizes.height * SCALE;
  let width = sizes.width * SCALE;
  if (id.x >= height * width) {
    return;
  }
  let row = id.x / width;
  let column = id.x % width;
  let source = id.y * height * width + id.x;
  let n = id.y / 3u;
  let channel = (id.y * SCALE + row % SCALE) * SCALE + column % SCALE;
  let place = (row / SCALE) * sizes.width + column / SCALE;
  var picture = sharp[source];
  if (MIXED) {
    let base = bicubic(id.y, row, column);
    picture = base + gates[2u * n] * (picture - base) + gates[2u * n + 1u] * (calm[source] - base);
  }
  picture += x[channel * sizes.height * sizes.width + place];
  let moved_row = (row + sizes.down) % height;
  y[(id.y * height + moved_row) * width + (column + sizes.right) % width] = picture;
}

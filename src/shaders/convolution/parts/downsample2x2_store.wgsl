// Stores one pixel of 16 channels of y, from the channel `first` on.
fn store(sums: array<vec4f, 4>, n: u32, first: u32, pixel: u32) {
  for (var j = 0u; j < min(16u, shape.outputs - first); j++) {
    let index = ((n * shape.outputs + first + j) * shape.height * shape.width) + pixel;
    var value = sums[j / 4u][j % 4u];
    if (shape.accumulate != 0u) {
      value += f32(y[index]);
    }
    y[index] = Stored(value);
  }
}

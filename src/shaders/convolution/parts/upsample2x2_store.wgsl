fn put(index: u32, value: f32) {
  if (shape.accumulate != 0u) {
    y[index] = Stored(f32(y[index]) + value);
  } else {
    y[index] = Stored(value);
  }
}

// Stores the four pixels of y that one pixel of x gives, of 16 channels from the channel `first` on.
fn store(sums: array<vec4f, 16>, n: u32, first: u32, pixel: u32) {
  let pixels = shape.height * shape.width;
  let width = shape.width * 2u;
  let corner = (n * shape.outputs * shape.height + pixel / shape.width) * 2u * width + pixel % shape.width * 2u;
  for (var j = 0u; j < min(16u, shape.outputs - first); j++) {
    let index = corner + (first + j) * pixels * 4u;
    put(index, sums[j].x);
    put(index + 1u, sums[j].y);
    put(index + width, sums[j].z);
    put(index + width + 1u, sums[j].w);
  }
}

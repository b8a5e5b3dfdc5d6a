fn times(a: vec2f, b: vec2f) -> vec2f {
  return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

fn conjugate(value: vec2f) -> vec2f {
  return vec2f(value.x, -value.y);
}

// How many bins of the whole spectrum a stored one stands for.
fn bin_count(column: u32, width: u32) -> f32 {
  return select(2.0, 1.0, column == 0u || 2u * column == width);
}

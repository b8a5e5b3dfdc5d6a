// Sizes of real images whose rows are paired.

struct Rows {
  height: u32,
  width: u32,
}

@group(0) @binding(1) var<storage, read> parameters: Rows;

// Where a pair's element in a column is.
fn pair_index(image: u32, pair: u32, column: u32) -> u32 {
  return (image * ((parameters.height + 1u) / 2u) + pair) * parameters.width + column;
}

// The matrices, and how often each is normalized.

override CALLS: u32;

struct Matrix {
  rows: u32,
  columns: u32,
  pitch: u32,
  // Where its parts start, in elements.
  weight: u32,
  u: u32,
  v: u32,
  out: u32,
  transposed: u32,
  // For each call: σ, then u, then v, as the backward pass needs them.
  saved: u32,
  saved_stride: u32,
}

@group(0) @binding(0) var<storage, read> matrices: array<Matrix>;

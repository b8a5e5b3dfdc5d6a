// The interface of a 2×2 convolution with stride 2, and of its transpose.

// Data, not constants, so that the code is compiled once for all convolutions.
struct Shape {
  inputs: u32,
  outputs: u32,
  // Of the small image; the large one is twice as high and wide.
  height: u32,
  width: u32,
  accumulate: u32,
}

// Storage type; all arithmetic is in f32.
alias Stored = f32;

@group(0) @binding(0) var<storage, read> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<Stored>;
@group(0) @binding(2) var<storage, read> w: array<vec4<Stored>>;
@group(0) @binding(3) var<storage, read_write> y: array<Stored>;

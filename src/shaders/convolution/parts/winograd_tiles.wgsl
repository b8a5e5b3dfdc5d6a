// The interface of both transforms of an image: one invocation transforms a tile of one channel.

//#include "winograd.wgsl" gives A and B.

override WORKGROUP: u32 = 64;

// Data, not constants, so that the code is compiled once for all convolutions.
struct Shape {
  // Of the image.
  channels: u32,
  height: u32,
  width: u32,
  // The first tile of this dispatch, and how many there are: row by row, image by image.
  first: u32,
  count: u32,
  // Elements of `tiles` [36, rows, pitch]: a matrix [channels, tiles] for each place in a transformed tile.
  rows: u32,
  pitch: u32,
}

@group(0) @binding(0) var<storage, read> shape: Shape;

// Image, row and column of a tile's first result.
fn find_tile(which: u32) -> vec3u {
  let across = (shape.width + 3u) / 4u;
  let down = (shape.height + 3u) / 4u;
  return vec3u(which / across / down, which / across % down * 4u, which % across * 4u);
}

//#include "../../parts/lanes.wgsl" gives LANES.

// Data, not constants, so that the code is compiled once for all sizes.
struct Sizes {
  M: u32,
  K: u32,
  P: u32,
}

@group(0) @binding(0) var<storage, read> sizes: Sizes;

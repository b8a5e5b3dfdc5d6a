// Channels and sizes of images before and after padding. EXTRA: the result has one more channel.

override CHANNELS: u32;
override EXTRA: bool = false;

struct Sizes {
  batch: u32,
  height: u32,
  width: u32,
  out_height: u32,
  out_width: u32,
}

@group(0) @binding(0) var<storage, read> sizes: Sizes;

// Sizes of a convolution, its stride and its padding.

override INPUTS: u32;
override HEIGHT: u32;
override WIDTH: u32;
override OUTPUTS: u32;
override KERNEL_HEIGHT: u32;
override KERNEL_WIDTH: u32;
override OUT_HEIGHT: u32;
override OUT_WIDTH: u32;
override STRIDE: u32 = 1;
override PADDING: u32 = 0;
override CIRCULAR: bool = false;

// Sizes of a convolution, its stride and its padding.

override INPUTS: u32;
override OUTPUTS: u32;
//#include "conv2d_columns_sizes.wgsl" gives HEIGHT to OUT_WIDTH, STRIDE, PADDING and CIRCULAR.

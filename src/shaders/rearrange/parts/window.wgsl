// Sizes of a source and of the window that is cropped from it. The window's corner is at
// SCALE · offsets[counter.step] − MARGIN.

override HEIGHT: u32;
override WIDTH: u32;
override OUT_HEIGHT: u32;
override OUT_WIDTH: u32;
override SCALE: u32 = 1;
override MARGIN: u32 = 0;

//#include "../../parts/counter.wgsl" gives Counter.

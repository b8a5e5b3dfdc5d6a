// Ends a step: moves the counter on by which other shaders look up the values of their step.

//#include "../parts/counter.wgsl" gives Counter.

@group(0) @binding(0) var<storage, read_write> counter: Counter;

@compute @workgroup_size(1)
fn main() {
  counter.step++;
}

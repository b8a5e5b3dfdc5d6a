// history[counter.step][i] = values[i].

override COUNT: u32;
override WORKGROUP: u32 = 64;

//#include "../parts/counter.wgsl" gives Counter.

@group(0) @binding(0) var<storage, read> values: array<f32>;
@group(0) @binding(1) var<storage, read> counter: Counter;
@group(0) @binding(2) var<storage, read_write> history: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < COUNT) {
    history[counter.step * COUNT + id.x] = values[id.x];
  }
}

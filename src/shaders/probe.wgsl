// The direction w = rates[counter.step] · sizes · d, and how far to go along it: ε = REACH · ‖p‖ / ‖w‖. Leaves in `lengths`, 64
// elements apart: ε, −2ε, −1 / 2ε and 1 / 2ε. One workgroup. Where d is zero nothing is moved, and ε is merely finite.

override COUNT: u32;
override REACH: f32;
override WORKGROUP: u32 = 64;

struct Counter {
  step: u32,
  seed: u32,
}

@group(0) @binding(0) var<storage, read> p: array<vec4f>;
@group(0) @binding(1) var<storage, read> d: array<vec4f>;
@group(0) @binding(2) var<storage, read> rates: array<f32>;
@group(0) @binding(3) var<storage, read> sizes: array<vec4f>;
@group(0) @binding(4) var<storage, read> counter: Counter;
@group(0) @binding(5) var<storage, read_write> w: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> lengths: array<f32>;

var<workgroup> sums: array<vec2f, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  let rate = rates[counter.step];
  var squares = vec2f();
  for (var i = lane; i < COUNT / 4u; i += WORKGROUP) {
    let direction = rate * (sizes[i] * d[i]);
    w[i] = direction;
    squares += vec2f(dot(p[i], p[i]), dot(direction, direction));
  }
  sums[lane] = squares;
  workgroupBarrier();
  if (lane == 0u) {
    var total = vec2f();
    for (var i = 0u; i < WORKGROUP; i++) {
      total += sums[i];
    }
    let reach = REACH * sqrt(total.x) / max(sqrt(total.y), 1e-12);
    lengths[0] = reach;
    lengths[64] = -2.0 * reach;
    lengths[128] = -0.5 / reach;
    lengths[192] = 0.5 / reach;
  }
}

// Gradients of batch_norm_relu. With g = dy where y > 0, else 0, and means taken over the pixels of an item's channel:
// dx = gamma / √(variance + ε) · (g − mean(g) − x̂ · mean(g · x̂)), dgamma = Σ g · x̂, dbeta = Σ g (both over all items).
// One workgroup a channel; it goes through the items one after another, so that the sums over items have one owner.

override BATCH: u32;
override CHANNELS: u32;
override PIXELS: u32;
override ACCUMULATE_INPUT: bool = false;
override ACCUMULATE_PARAMETERS: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> gamma: array<f32>;
@group(0) @binding(2) var<storage, read> beta: array<f32>;
@group(0) @binding(3) var<storage, read> statistics: array<vec2f>;
@group(0) @binding(4) var<storage, read> dy: array<f32>;
@group(0) @binding(5) var<storage, read_write> dx: array<f32>;
@group(0) @binding(6) var<storage, read_write> dgamma: array<f32>;
@group(0) @binding(7) var<storage, read_write> dbeta: array<f32>;

var<workgroup> sums: array<vec2f, WORKGROUP>;

fn total(value: vec2f, lane: u32) -> vec2f {
  workgroupBarrier();
  sums[lane] = value;
  workgroupBarrier();
  var sum = vec2f();
  for (var i = 0u; i < WORKGROUP; i++) {
    sum += sums[i];
  }
  return sum;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let channel = group.x;
  let scale = gamma[channel];
  let shift = beta[channel];
  var parameters = vec2f();
  for (var n = 0u; n < BATCH; n++) {
    let plane = n * CHANNELS + channel;
    let first = plane * PIXELS;
    let mean = statistics[plane].x;
    let inverse = statistics[plane].y;
    var sum = vec2f();
    for (var p = lane; p < PIXELS; p += WORKGROUP) {
      let normalised = (x[first + p] - mean) * inverse;
      let g = select(0.0, dy[first + p], fma(normalised, scale, shift) > 0.0);
      sum += vec2f(g, g * normalised);
    }
    let of_item = total(sum, lane);
    parameters += of_item;
    let means = of_item / f32(PIXELS);
    for (var p = lane; p < PIXELS; p += WORKGROUP) {
      let normalised = (x[first + p] - mean) * inverse;
      let g = select(0.0, dy[first + p], fma(normalised, scale, shift) > 0.0);
      let value = scale * inverse * (g - means.x - normalised * means.y);
      if (ACCUMULATE_INPUT) {
        dx[first + p] += value;
      } else {
        dx[first + p] = value;
      }
    }
  }
  if (lane == 0u) {
    if (ACCUMULATE_PARAMETERS) {
      dgamma[channel] += parameters.y;
      dbeta[channel] += parameters.x;
    } else {
      dgamma[channel] = parameters.y;
      dbeta[channel] = parameters.x;
    }
  }
}

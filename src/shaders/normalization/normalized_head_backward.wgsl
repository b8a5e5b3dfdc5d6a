// Gradients of normalized_head with respect to x, gamma and beta. With x̂ = (x − mean) / √(variance + ε), g =
// Σ_h w[h] · dy[h] where the ReLU passes, else 0, and means over the pixels of an item's channel:
//   dx = scale · (g − mean(g) − x̂ · mean(g · x̂)), dgamma = Σ g · x̂, dbeta = Σ g (both over all items).
// One workgroup per channel takes the items one after another, so that it alone owns the sums over items.
// PIXELS is a multiple of 4.

override BATCH: u32;
override CHANNELS: u32;
override HEADS: u32 = 1;
override PIXELS: u32;
override ACCUMULATE: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> statistics: array<vec4f>;
@group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(3) var<storage, read> dy: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> dx: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> dgamma: array<f32>;
@group(0) @binding(6) var<storage, read_write> dbeta: array<f32>;

var<workgroup> sums: array<mat2x4f, WORKGROUP>;

// The two sums over the lanes and over the four components.
fn total(value: mat2x4f, lane: u32) -> vec2f {
  workgroupBarrier();
  sums[lane] = value;
  workgroupBarrier();
  var sum = mat2x4f();
  for (var i = 0u; i < WORKGROUP; i++) {
    sum += sums[i];
  }
  return vec4f(1.0) * sum;
}

// The gradient of four values of an item's channel, after BatchNorm and ReLU.
fn gradient(n: u32, channel: u32, p: u32) -> vec4f {
  var sum = vec4f();
  for (var h = 0u; h < HEADS; h++) {
    let head = n * HEADS + h;
    sum = fma(vec4f(w[head * CHANNELS + channel]), dy[head * (PIXELS / 4u) + p], sum);
  }
  return sum;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let channel = group.x;
  var parameters = vec2f();
  for (var n = 0u; n < BATCH; n++) {
    let plane = n * CHANNELS + channel;
    let first = plane * (PIXELS / 4u);
    let norm = statistics[plane];
    var sum = mat2x4f();
    for (var p = lane; p < PIXELS / 4u; p += WORKGROUP) {
      let shifted = x[first + p] - norm.x;
      let g = select(vec4f(), gradient(n, channel, p), shifted * norm.z + norm.w > vec4f());
      sum += mat2x4f(g, g * shifted * norm.y);
    }
    let of_item = total(sum, lane);
    parameters += of_item;
    let means = of_item / f32(PIXELS);
    for (var p = lane; p < PIXELS / 4u; p += WORKGROUP) {
      let shifted = x[first + p] - norm.x;
      let g = select(vec4f(), gradient(n, channel, p), shifted * norm.z + norm.w > vec4f());
      dx[first + p] = norm.z * (g - means.x - shifted * norm.y * means.y);
    }
  }
  if (lane == 0u) {
    if (ACCUMULATE) {
      dgamma[channel] += parameters.y;
      dbeta[channel] += parameters.x;
    } else {
      dgamma[channel] = parameters.y;
      dbeta[channel] = parameters.x;
    }
  }
}

// The weights of a 3×3 convolution in the order in which conv3x3.wgsl reads them: [input][kx][ky][output], outputs filled
// with zeros to a multiple of 16 (to 4 if there are no more). ADJOINT: those of the gradient with respect to the image,
// which is the same convolution with inputs and outputs exchanged and the kernel turned by 180°.

override INPUTS: u32;
override OUTPUTS: u32;
override PACKED_OUTPUTS: u32;
override ADJOINT: bool = false;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> w: array<f32>;
@group(0) @binding(1) var<storage, read_write> packed: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= INPUTS * 9u * PACKED_OUTPUTS) {
    return;
  }
  let o = id.x % PACKED_OUTPUTS;
  let ky = id.x / PACKED_OUTPUTS % 3u;
  let kx = id.x / PACKED_OUTPUTS / 3u % 3u;
  let i = id.x / PACKED_OUTPUTS / 9u;
  var value = 0.0;
  if (o < OUTPUTS) {
    if (ADJOINT) {
      value = w[(i * OUTPUTS + o) * 9u + (2u - ky) * 3u + 2u - kx];
    } else {
      value = w[(o * INPUTS + i) * 9u + ky * 3u + kx];
    }
  }
  packed[id.x] = value;
}

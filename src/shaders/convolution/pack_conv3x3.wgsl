// The weights of a 3×3 convolution in the order in which conv3x3.wgsl reads them: packed[input][kx][output]
// holds the taps ky = 0, 1, 2 and one more number: the output's bias at the first input and column, zero
// elsewhere. Zeros pad the outputs to a multiple of 16, or to 4 if there are at most 4. ADJOINT packs the
// weights for the gradient with respect to the image: the same convolution with inputs and outputs exchanged
// and the kernel turned by 180°.

override INPUTS: u32;
override OUTPUTS: u32;
override PACKED_OUTPUTS: u32;
override ADJOINT: bool = false;
// Whether there are biases.
override BIASED: bool = false;
override WORKGROUP: u32 = 64;

// Storage type of the packed weights.
alias Packed = f32;

@group(0) @binding(0) var<storage, read> w: array<f32>;
@group(0) @binding(1) var<storage, read> bias: array<f32>;
@group(0) @binding(2) var<storage, read_write> packed: array<vec4<Packed>>;

fn tap(i: u32, o: u32, ky: u32, kx: u32) -> f32 {
  if (ADJOINT) {
    return w[(i * OUTPUTS + o) * 9u + (2u - ky) * 3u + 2u - kx];
  }
  return w[(o * INPUTS + i) * 9u + ky * 3u + kx];
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= INPUTS * 3u * PACKED_OUTPUTS) {
    return;
  }
  let o = id.x % PACKED_OUTPUTS;
  let kx = id.x / PACKED_OUTPUTS % 3u;
  let i = id.x / PACKED_OUTPUTS / 3u;
  var taps = vec4f();
  if (o < OUTPUTS) {
    taps = vec4f(tap(i, o, 0u, kx), tap(i, o, 1u, kx), tap(i, o, 2u, kx), 0.0);
    if (BIASED && i == 0u && kx == 0u) {
      taps.w = bias[o];
    }
  }
  packed[id.x] = vec4<Packed>(taps);
}

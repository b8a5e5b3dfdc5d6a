/**
 * GPU tests that run in Chrome, and in Deno, as well as in Node: where a browser can differ. It has a device, limits, features and
 * error messages of its own, another version of the shader compiler, and bounds checks that Node switches off on
 * software drivers. So every kind of operation is there once, with the tape, the errors and a whole adaptation. The
 * others run the same code on the same operations, and would tell nothing new.
 */
export const CHROME = [
  // Device, errors and loss; tape, replay and profiler.
  "test/engine/errors.gpu.test.ts",
  "test/engine/recording/*.gpu.test.ts",
  // An operation of each kind: subgroups, workgroup memory, integers and random bits, many passes, offsets in uniforms.
  "test/engine/ops/linear-algebra/products.gpu.test.ts",
  "test/engine/ops/convolution/conv3x3.gpu.test.ts",
  "test/engine/ops/convolution/winograd-conv3x3.gpu.test.ts",
  "test/engine/ops/elementwise/gaussian-noise.gpu.test.ts",
  "test/engine/ops/fft/fft.gpu.test.ts",
  "test/engine/ops/normalization/normalized-layers.gpu.test.ts",
  "test/engine/ops/rearrange/rearrange.gpu.test.ts",
  "test/engine/optimizers/optimizers.gpu.test.ts",
  "test/model/losses/losses.gpu.test.ts",
  // Half precision, and a whole adaptation.
  "test/model/usrnet/half-precision.gpu.test.ts",
  "test/estimate/adaptation/adaptation.gpu.test.ts",
  // Phones and Safari give little more than the default limits.
  "test/pipeline/default-limits.gpu.test.ts",
];

import { forwardOnly } from "../../recording/forward-only.js";
import { MAX_WORKGROUPS } from "../../recording/launch.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";
import { shapeError } from "../shape-error.js";
import { analysis, halfWidth, type Images, synthesis } from "./real.js";
import { accumulateSteps, recordSteps } from "./step.js";

/** What the sizes must be besides. */
const LIMITS = `not empty, with N and H at most ${MAX_WORKGROUPS}`;

/**
 * The unnormalized 2-D DFT of real images, its non-redundant half: x [N, H, W] → [N, H, ⌊W / 2⌋ + 1, 2], real
 * and imaginary parts interleaved, for any H and W:
 *
 *     X[u][v] = Σ_{y,x} x[y][x] · exp(−2πj · (u·y / H + v·x / W))
 *
 * Its gradient is the transpose of that map: the unnormalized inverse transform of dy, each column counted once.
 *
 * All transforms on a tape share two work tensors. Each is about as large as the largest spectrum, and two to
 * three times that where a length has a prime factor above 13.
 * @throws {ShapeError} if x is not [N, H, W], is empty, or has more than 65535 images or rows.
 * @throws {OutOfMemoryError} if a work tensor is larger than one binding of this device.
 */
export function realFft2d(tape: Tape, x: Tensor): Tensor {
  const [spectrum, shape] = analyze(tape, x);
  tape.differentiable([x], [spectrum], () => {
    // Synthesis adds the mirror image of an interior column, which has no part in this gradient: so half of
    // each.
    const steps = synthesis(tape, shape, { edge: 1, interior: 0.5 });
    accumulateSteps(tape, steps, tape.gradient(spectrum), tape.gradientTarget(x));
  });
  return spectrum;
}

/** {@link realFft2d} without its gradient. */
export function realFft2dForward(tape: Tape, x: Tensor): Tensor {
  const [spectrum] = analyze(tape, x);
  forwardOnly(tape, "realFft2dForward", [x], [spectrum]);
  return spectrum;
}

function analyze(tape: Tape, x: Tensor): [spectrum: Tensor, shape: Images] {
  const [images = 0, height = 0, width = 0] = x.shape;
  const shape = { images, height, width };
  if (x.shape.length !== 3 || !isTransformable(shape)) {
    throw shapeError("realFft2d", `images [N, H, W], ${LIMITS}`, x);
  }
  const spectrum = tape.tensor([images, height, halfWidth(width), 2], `spectrum of ${x.label}`);
  recordSteps(tape, analysis(tape, shape, { edge: 1, interior: 1 }), x, spectrum);
  return [spectrum, shape];
}

/**
 * The inverse of {@link realFft2d}: half spectra [N, H, ⌊width / 2⌋ + 1, 2] → real images [N, H, width],
 * scaled by 1 / (H · width). As in NumPy's irfft2, the imaginary parts that the columns 0 and width / 2 have
 * after the inverse along H are ignored. The gradient is the transpose of that map: the transform of dy,
 * doubled where a column stands for its mirror image too. It uses the work tensors of {@link realFft2d}.
 * @param width of the images, in pixels; the spectrum alone does not say whether it is even.
 * @throws {ShapeError} if the spectrum is not that of images of this width, is empty, or has more than 65535
 *   images or rows.
 * @throws {OutOfMemoryError} if a work tensor is larger than one binding of this device.
 */
export function inverseRealFft2d(tape: Tape, spectrum: Tensor, width: number): Tensor {
  const [image, shape] = synthesize(tape, spectrum, width);
  tape.differentiable([spectrum], [image], () => {
    const scale = 1 / (shape.height * width);
    const steps = analysis(tape, shape, { edge: scale, interior: 2 * scale });
    accumulateSteps(tape, steps, tape.gradient(image), tape.gradientTarget(spectrum));
  });
  return image;
}

/** {@link inverseRealFft2d} without its gradient. */
export function inverseRealFft2dForward(tape: Tape, spectrum: Tensor, width: number): Tensor {
  const [image] = synthesize(tape, spectrum, width);
  forwardOnly(tape, "inverseRealFft2dForward", [spectrum], [image]);
  return image;
}

function synthesize(tape: Tape, spectrum: Tensor, width: number): [image: Tensor, shape: Images] {
  const [images = 0, height = 0, columns, parts] = spectrum.shape;
  const shape = { images, height, width };
  const fits = spectrum.shape.length === 4 && columns === halfWidth(width) && parts === 2;
  if (!fits || !isTransformable(shape)) {
    throw shapeError("inverseRealFft2d", `half spectra [N, H, ⌊${width} / 2⌋ + 1, 2], ${LIMITS}`, spectrum);
  }
  const scale = 1 / (height * width);
  const image = tape.tensor([images, height, width], `inverse of ${spectrum.label}`);
  recordSteps(tape, synthesis(tape, shape, { edge: scale, interior: scale }), spectrum, image);
  return [image, shape];
}

function isTransformable({ images, height, width }: Images): boolean {
  const within = (length: number, most: number): boolean =>
    Number.isInteger(length) && length >= 1 && length <= most;
  return within(images, MAX_WORKGROUPS) && within(height, MAX_WORKGROUPS) && within(width, Infinity);
}

import type { Shader } from "../../../engine/device/shader.js";
import { shapeError } from "../../../engine/ops/shape-error.js";
import { grid } from "../../../engine/recording/launch.js";
import type { Tape } from "../../../engine/recording/tape.js";
import type { Tensor } from "../../../engine/tensors/tensor.js";
import foldShader from "../../../shaders/guided-training/fold_spectrum.wgsl";
import spreadShader from "../../../shaders/guided-training/spread_spectrum.wgsl";

/** Blurs, one for each image with all of its channels. */
export interface SampledBlur {
  /** Half spectra [N, s·h, ⌊s·w / 2⌋ + 1, 2] of the kernels. */
  readonly blur: Tensor;
  readonly scale: number;
  /** Height and width of the small images. */
  readonly size: readonly [number, number];
}

/**
 * Blurs large images and takes every s-th pixel, on half spectra: [N · C, s·h, ⌊s·w / 2⌋ + 1, 2] → [N · C, h, ⌊w / 2⌋ + 1, 2].
 * The gradient is that of spectra of real images.
 * @throws {ShapeError} if the shapes do not fit.
 */
export function foldSpectrum(tape: Tape, x: Tensor, blur: SampledBlur): Tensor {
  const share = 1 / blur.scale ** 2;
  const images = imagesOf(x, blur, blur.scale);
  const y = tape.tensor([images, blur.size[0], half(blur.size[1]), 2], "folded spectrum");
  record(tape, foldShader, x, y, blur, { FACTOR: share });
  tape.differentiable([x], [y], () => {
    const { tensor, accumulate } = tape.gradientTarget(x);
    const constants = { FACTOR: share, COUNTED: true, ACCUMULATE: accumulate };
    record(tape, spreadShader, tape.gradient(y), tensor, blur, constants);
  });
  return y;
}

/**
 * The transpose of {@link foldSpectrum} on images: puts pixels s apart and blurs them by the mirrored kernel, on half spectra
 * [N · C, h, ⌊w / 2⌋ + 1, 2] → [N · C, s·h, ⌊s·w / 2⌋ + 1, 2]. The gradient is that of spectra of real images.
 * @throws {ShapeError} if the shapes do not fit.
 */
export function spreadSpectrum(tape: Tape, x: Tensor, blur: SampledBlur): Tensor {
  const { scale, size } = blur;
  const images = imagesOf(x, blur, 1);
  const y = tape.tensor([images, size[0] * scale, half(size[1] * scale), 2], "spread spectrum");
  record(tape, spreadShader, x, y, blur, { FACTOR: 1 });
  tape.differentiable([x], [y], () => {
    const { tensor, accumulate } = tape.gradientTarget(x);
    const constants = { FACTOR: 1, COUNTED: true, ACCUMULATE: accumulate };
    record(tape, foldShader, tape.gradient(y), tensor, blur, constants);
  });
  return y;
}

function half(width: number): number {
  return Math.floor(width / 2) + 1;
}

/** The number of images of a spectrum of the small image's sides times a factor. */
function imagesOf(x: Tensor, { blur, scale, size }: SampledBlur, factor: number): number {
  const [images = 0] = x.shape;
  const [batch = 1, ...bins] = blur.shape;
  const sidesOf = (by: number): string => [size[0] * by, half(size[1] * by), 2].join();
  if (x.shape.slice(1).join() !== sidesOf(factor) || bins.join() !== sidesOf(scale) || images % batch) {
    throw shapeError("A sampled blur", `half spectra for small images of ${size.join("×")}`, x, blur);
  }
  return images;
}

function record(
  tape: Tape,
  shader: Shader,
  x: Tensor,
  y: Tensor,
  { blur, scale, size }: SampledBlur,
  constants: Readonly<Record<string, number | boolean>>,
): void {
  const [images = 0, height = 0, columns = 0] = y.shape;
  const [batch = 1] = blur.shape;
  tape.dispatch({
    shader,
    bindings: { x, blur, y },
    ...grid(tape, [height * columns, images], {
      SCALE: scale,
      HEIGHT: size[0],
      WIDTH: size[1],
      CHANNELS: images / batch,
      ...constants,
    }),
  });
}

import type { RgbImage } from "../../image/rgb-image.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { degrade } from "../../kernel/degradation/degrade.js";
import { type GaussianShape, KERNEL_SIZE, plainGaussian } from "../../kernel/families/gaussian-kernel.js";
import { x4Kernel } from "../../kernel/families/x4-kernel.js";
import { centeredKernel } from "../../kernel/kernel-shift.js";
import type { DrawingName } from "../shared/drawing-names.js";
import type { Scale } from "../shared/protocol.js";
import { drawLeaves } from "./leaves.js";
import { drawPoster } from "./poster.js";

/** Size of the drawing before it is blurred and downscaled. */
const WIDTH = 512;
const HEIGHT = 384;

const RECIPES: Readonly<
  Record<DrawingName, { draw: (width: number, height: number) => RgbImage; blur: GaussianShape }>
> = {
  leaves: { draw: drawLeaves, blur: { lambda1: 4.5, lambda2: 2, theta: -0.7 } },
  poster: { draw: drawPoster, blur: { lambda1: 4, lambda2: 1, theta: 0.45 } },
};

/** A drawing as a camera with a known blur would take it; its values are multiples of 1/255. */
export function blurredDrawing(
  name: DrawingName,
  scale: Scale,
): { image: RgbImage; kernel: BlurKernel<"correlation"> } {
  const { draw, blur } = RECIPES[name];
  const x2 = centeredKernel(plainGaussian(blur.lambda1, blur.lambda2, blur.theta), KERNEL_SIZE);
  const kernel = scale === 2 ? x2 : x4Kernel(x2);
  const { width, height, data } = degrade(draw(WIDTH, HEIGHT), kernel, scale);
  const rounded = data.map((value) => Math.round(255 * Math.min(Math.max(value, 0), 1)) / 255);
  return { image: { width, height, data: rounded }, kernel };
}

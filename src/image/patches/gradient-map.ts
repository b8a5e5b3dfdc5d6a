import type { RgbImage } from "../rgb-image.js";
import { boxMean } from "./box-mean.js";
import { zeroFrame } from "./frame.js";
import { orderStatistics } from "./order-statistic.js";

const EDGE = 5;
const WINDOW = 5;
const PERCENTILE = 0.97;

/** Smallest range above the percentile, for images with many equal gradients. */
const TIE_RANGE = 1e-5;

/**
 * A map of the detail that shows an image's blur: `height · width` numbers, row by row, none negative, with mean 1 (all
 * zero for an image without gradients inside its frame).
 *
 * From KernelGAN (Bell-Kligler et al., 2019); MetaKernelGAN samples its patches in the same way. It adds up the horizontal
 * and vertical gradients of the gray image, only the strongest 3 % of each and all counted alike, and the gradient's
 * magnitude, each with weight 1 in total; then it takes a 5×5 mean.
 */
export function gradientMap(image: RgbImage): Float64Array {
  const { width, height } = image;
  const map = new Float64Array(width * height);
  const part = new Float64Array(width * height);
  for (const component of ["horizontal", "vertical", "magnitude"] as const) {
    gradient(part, image, component);
    zeroFrame(part, height, width, EDGE);
    // The published code clips the two directions and leaves the magnitude whole.
    if (component !== "magnitude") keepStrongest(part);
    addNormalized(map, part);
  }
  boxMean(map, height, width, WINDOW);

  const mean = total(map) / map.length;
  if (mean > 0) for (let i = 0; i < map.length; i++) map[i] /= mean;
  return map;
}

/** Absolute central differences of the gray image, one-sided at the borders. */
function gradient(
  out: Float64Array,
  { width, height, data }: RgbImage,
  component: "horizontal" | "vertical" | "magnitude",
): void {
  const plane = width * height;
  const gray = (i: number) => 0.299 * data[i] + 0.587 * data[plane + i] + 0.114 * data[2 * plane + i];
  for (let y = 0; y < height; y++) {
    const up = y > 0 ? width : 0;
    const down = y < height - 1 ? width : 0;
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const left = x > 0 ? 1 : 0;
      const right = x < width - 1 ? 1 : 0;
      let dx = 0;
      let dy = 0;
      if (component !== "vertical") dx = (gray(i + right) - gray(i - left)) / (left + right || 1);
      if (component !== "horizontal") dy = (gray(i + down) - gray(i - up)) / (up && down ? 2 : 1);
      out[i] = component === "magnitude" ? Math.sqrt(dx * dx + dy * dy) : Math.abs(dx + dy);
    }
  }
}

/** Clips from below to the percentile and from above to the next larger number, then moves the lower bound to zero. */
function keepStrongest(part: Float64Array): void {
  const [low, next] = orderStatistics(part, Math.floor(PERCENTILE * part.length));
  const high = next > low ? next : low + TIE_RANGE;
  for (let i = 0; i < part.length; i++) part[i] = Math.min(Math.max(part[i], low), high) - low;
}

/** Adds the part divided by its sum; a part of zeros (stripes have gradients one way only) adds nothing. */
function addNormalized(map: Float64Array, part: Float64Array): void {
  const sum = total(part);
  if (sum > 0) for (let i = 0; i < map.length; i++) map[i] += part[i] / sum;
}

/** The sum, from the first number to the last. */
export function total(numbers: Float64Array): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}

import type { Tape } from "../../recording/tape.js";
import { ALIGNED_ELEMENTS, type Tensor } from "../../tensors/tensor.js";
import type { Geometry } from "./columns.js";
import type { Conv2dOptions } from "./conv2d-options.js";

/** A convolution as matrix products: for each of N items of I channels, weights [M, K] · columns [K, P]. */
export interface ProductSizes {
  readonly N: number;
  readonly I: number;
  readonly M: number;
  readonly K: number;
  readonly P: number;
  /** Rows of the columns that a channel makes. */
  readonly taps: number;
  /** Whether the columns are the image itself. */
  readonly isImage: boolean;
  readonly geometry: Geometry;
}

/** Columns that are made at once: those of some items, and of some of their channels. */
export interface Part {
  readonly item: number;
  readonly items: number;
  readonly channel: number;
  readonly channels: number;
}

/** The sizes of a convolution as products, or undefined if these, which take multiples of four, cannot make it. */
export function productSizes(
  tape: Tape,
  x: Tensor,
  w: Tensor,
  { stride: STRIDE = 1, padding: PADDING = 0, mode, out }: Conv2dOptions,
): ProductSizes | undefined {
  if (x.shape.length !== 4 || w.shape.length !== 4 || x.shape[1] !== w.shape[1]) return;
  const [N, I, HEIGHT, WIDTH] = x.shape as [number, number, number, number];
  const [M, , KERNEL_HEIGHT, KERNEL_WIDTH] = w.shape as [number, number, number, number];
  const OUT_HEIGHT = Math.floor((HEIGHT + 2 * PADDING - KERNEL_HEIGHT) / STRIDE) + 1;
  const OUT_WIDTH = Math.floor((WIDTH + 2 * PADDING - KERNEL_WIDTH) / STRIDE) + 1;
  const CIRCULAR = mode === "circular";
  const taps = KERNEL_HEIGHT * KERNEL_WIDTH;
  const [K, P] = [I * taps, OUT_HEIGHT * OUT_WIDTH];
  const whole = OUT_HEIGHT > 0 && OUT_WIDTH > 0 && [M, K, P].every((size) => size % 4 === 0);
  const aligned = N === 1 || [M * P, K * P].every((size) => size % ALIGNED_ELEMENTS === 0);
  const once = !CIRCULAR || 2 * PADDING < Math.min(KERNEL_HEIGHT, KERNEL_WIDTH);
  const { tuning, device } = tape.engine;
  const fits = P / (4 * tuning.productLanes) <= device.limits.maxComputeWorkgroupsPerDimension;
  if (!whole || !aligned || !once || !fits || (out && out.size !== N * M * P)) return;
  const kernel = { KERNEL_HEIGHT, KERNEL_WIDTH, STRIDE, PADDING, CIRCULAR };
  const geometry = { HEIGHT, WIDTH, OUT_HEIGHT, OUT_WIDTH, ...kernel };
  return { N, I, M, K, P, taps, isImage: taps === 1 && STRIDE === 1 && PADDING === 0, geometry };
}

/**
 * Cuts a convolution into parts whose columns have at most so many elements: all of it, or an item's channels in turn.
 * @returns undefined if no such cut lies where tensors can be bound.
 */
export function partsOf(sizes: ProductSizes, most: number): readonly Part[] | undefined {
  const { N, I, M, P, taps, isImage, geometry } = sizes;
  if (isImage || N * I * taps * P <= most) return [{ item: 0, items: N, channel: 0, channels: I }];
  const pixels = geometry.HEIGHT * geometry.WIDTH;
  const isAligned = (size: number): boolean => size % ALIGNED_ELEMENTS === 0;
  if (N > 1 && !isAligned(I * pixels)) return;
  const canBeBound = (channels: number): boolean =>
    channels === I ||
    ((channels * taps) % 4 === 0 && isAligned(channels * pixels) && isAligned(channels * taps * M));
  const channels = largest(Math.min(I, Math.floor(most / (taps * P))), canBeBound);
  if (channels === undefined) return;
  const perItem = Math.ceil(I / channels);
  return Array.from({ length: N * perItem }, (_, i) => {
    const channel = (i % perItem) * channels;
    return { item: Math.floor(i / perItem), items: 1, channel, channels: Math.min(channels, I - channel) };
  });
}

/** The largest count from `most` down to 1 that suits. */
function largest(most: number, suits: (count: number) => boolean): number | undefined {
  return Array.from({ length: most }, (_, i) => most - i).find(suits);
}

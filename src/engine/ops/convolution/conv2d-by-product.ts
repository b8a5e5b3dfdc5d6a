import { accumulateGradient } from "../../recording/accumulate-gradient.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";
import { product, transposedProduct, transposeOf } from "../linear-algebra/products.js";
import { transpose } from "../linear-algebra/transpose.js";
import { type Part, type ProductSizes, partsOf, productSizes } from "./column-parts.js";
import { gatherColumns, writeColumns } from "./columns.js";
import type { Conv2dOptions } from "./conv2d-options.js";

/** Elements of the columns at once: 64 MiB. */
const MAX_COLUMNS = 2 ** 24;

/** A convolution that was recorded, and what records its gradients. */
interface Recorded {
  readonly y: Tensor;
  readonly backward: () => void;
}

/**
 * Records y = w ⋆ x as matrix products of the weights with the columns of the image. Large columns are made part by part in the
 * same memory, and made again for the gradients.
 * @param most elements of the columns at once.
 * @returns undefined, and records nothing, if the sizes do not suit, or the shapes do not fit.
 */
export function convolveByProduct(
  tape: Tape,
  x: Tensor,
  w: Tensor,
  options: Conv2dOptions,
  most = MAX_COLUMNS,
): Recorded | undefined {
  const sizes = productSizes(tape, x, w, options);
  const parts = sizes && partsOf(sizes, most);
  if (!parts) return;
  const { N, M, K, P, taps, isImage, geometry } = sizes;
  const { OUT_HEIGHT, OUT_WIDTH } = geometry;
  const [{ items, channels }] = parts as [Part];
  const y = options.out ?? tape.tensor([N, M, OUT_HEIGHT, OUT_WIDTH], "conv2d");
  const columns = isImage ? x.reshape([N, K, P]) : tape.tensor([items, channels * taps, P], "columns");
  const makeColumns = (part: Part): void => {
    if (!isImage) writeColumns(tape, channelsOf(x, part, sizes), columns, geometry);
  };
  const weights = new WeightsOfParts(tape, w.reshape([1, M, K]), taps);

  for (const part of parts) {
    makeColumns(part);
    const { plain, transposed } = weights.of(part);
    const rows = part.channels * taps;
    for (let n = 0; n < part.items; n++) {
      const target = { tensor: item(y, M, P, part.item + n), accumulate: part.channel > 0 };
      product(tape, plain, transposed, item(columns, rows, P, n), target, { N: 1, M, K: rows, P });
    }
  }

  const backward = (): void => {
    const dy = tape.gradient(y);
    const dx = tape.needs(x) ? tape.gradientTarget(x) : undefined;
    const dw = tape.needs(w) ? weightGradient(tape, w, sizes, channels) : undefined;
    for (const part of parts) {
      const rows = part.channels * taps;
      if (dw) {
        if (parts.length > 1) makeColumns(part);
        for (let n = 0; n < part.items; n++) {
          dw.add(item(dy, M, P, part.item + n), item(columns, rows, P, n), part, part.item + n);
        }
      }
      if (!dx) continue;
      // The gradient of the columns takes their place, after the weights' gradient has read them.
      const target = isImage ? dx : { tensor: columns, accumulate: false };
      const { plain, transposed } = weights.of(part);
      for (let n = 0; n < part.items; n++) {
        const rowsOfItem = { ...target, tensor: item(target.tensor, rows, P, n) };
        const dyOfItem = item(dy, M, P, part.item + n);
        product(tape, transposed, plain, dyOfItem, rowsOfItem, { N: 1, M: rows, K: M, P });
      }
      if (!isImage)
        gatherColumns(tape, columns, { ...dx, tensor: channelsOf(dx.tensor, part, sizes) }, geometry);
    }
    dw?.finish();
  };
  return { y, backward };
}

/** The matrix of an item: [N, rows, P] → [1, rows, P]. */
function item(tensor: Tensor, rows: number, P: number, n: number): Tensor {
  return tensor.view(n * rows * P, [1, rows, P]);
}

/** The channels of a part, in the image or its gradient. */
function channelsOf(tensor: Tensor, part: Part, { I, geometry }: ProductSizes): Tensor {
  const { HEIGHT, WIDTH } = geometry;
  const first = (part.item * I + part.channel) * HEIGHT * WIDTH;
  return tensor.view(first, [part.items, part.channels, HEIGHT, WIDTH]);
}

interface Weights {
  readonly plain: () => Tensor;
  readonly transposed: () => Tensor;
}

/** The weights of parts, and their transposes, recorded where a variant of the product reads them. */
class WeightsOfParts {
  private readonly byChannel = new Map<number, Weights>();

  /** @param all the weights, [1, M, K]. */
  constructor(
    private readonly tape: Tape,
    private readonly all: Tensor,
    private readonly taps: number,
  ) {}

  of({ channel, channels }: Part): Weights {
    const known = this.byChannel.get(channel);
    if (known) return known;
    const made = this.make(channel * this.taps, channels * this.taps);
    this.byChannel.set(channel, made);
    return made;
  }

  private make(first: number, rows: number): Weights {
    const { tape, all } = this;
    const [, M = 0, K] = all.shape;
    if (rows === K) return { plain: () => all, transposed: () => transposeOf(tape, all) };
    // Some columns of the weights do not lie together, but as rows of the transpose they do.
    let part: Tensor | undefined;
    const transposed = (): Tensor => {
      part ??= transposeOf(tape, all).view(first * M, [1, rows, M]);
      return part;
    };
    return { plain: () => transposeOf(tape, transposed()), transposed };
  }
}

interface WeightGradient {
  /** Adds what an item's columns give. */
  readonly add: (dy: Tensor, columns: Tensor, part: Part, item: number) => void;
  readonly finish: () => void;
}

/** @param channels of a part: if not all, the transpose of the gradient is summed, whose rows lie together. */
function weightGradient(
  tape: Tape,
  w: Tensor,
  { I, M, K, P, taps }: ProductSizes,
  channels: number,
): WeightGradient {
  if (channels === I) {
    const { tensor, accumulate } = tape.gradientTarget(w);
    return {
      add(dy, columns, _, item) {
        const target = { tensor, accumulate: accumulate || item > 0 };
        transposedProduct(tape, dy, columns, target, { N: 1, M, K, P });
      },
      finish() {},
    };
  }
  const sum = tape.tensor([1, K, M], "d weights");
  return {
    add(dy, columns, part, item) {
      const rows = part.channels * taps;
      const target = { tensor: sum.view(part.channel * taps * M, [1, rows, M]), accumulate: item > 0 };
      transposedProduct(tape, columns, dy, target, { N: 1, M: rows, K: M, P });
    },
    finish: () => accumulateGradient(tape, transpose(tape, sum), w),
  };
}

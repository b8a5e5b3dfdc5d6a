import columnsShader from "../../../shaders/convolution/conv2d_columns.wgsl";
import backwardShader from "../../../shaders/convolution/conv2d_columns_backward.wgsl";
import { elementwise } from "../../recording/launch.js";
import type { Tape } from "../../recording/tape.js";
import { ALIGNED_ELEMENTS, type Tensor } from "../../tensors/tensor.js";
import { product, transposedProduct, transposeOf } from "../linear-algebra/products.js";
import type { Conv2dOptions } from "./conv2d-options.js";

/** Elements of the columns at most: 64 MiB, and as much again for their gradient. */
const MAX_COLUMNS = 2 ** 24;

type Sizes4 = readonly [number, number, number, number];

/** Sizes of a convolution, by the names of its shaders' constants. */
function constantsOf(
  [, I, H, W]: Sizes4,
  [O, , h, w]: Sizes4,
  { stride = 1, padding = 0, mode }: Conv2dOptions,
) {
  return {
    INPUTS: I,
    HEIGHT: H,
    WIDTH: W,
    OUTPUTS: O,
    KERNEL_HEIGHT: h,
    KERNEL_WIDTH: w,
    OUT_HEIGHT: Math.floor((H + 2 * padding - h) / stride) + 1,
    OUT_WIDTH: Math.floor((W + 2 * padding - w) / stride) + 1,
    STRIDE: stride,
    PADDING: padding,
    CIRCULAR: mode === "circular",
  };
}

type Sizes = ReturnType<typeof constantsOf>;

/** The matrix product of one item: weights [M, K] · columns [K, P]. */
function productSizes({ INPUTS, OUTPUTS, KERNEL_HEIGHT, KERNEL_WIDTH, OUT_HEIGHT, OUT_WIDTH }: Sizes) {
  return { N: 1, M: OUTPUTS, K: INPUTS * KERNEL_HEIGHT * KERNEL_WIDTH, P: OUT_HEIGHT * OUT_WIDTH };
}

/** Whether N items can be products, which take multiples of four. */
function isProduct(N: number, sizes: Sizes): boolean {
  const { KERNEL_HEIGHT, KERNEL_WIDTH, OUT_HEIGHT, OUT_WIDTH, PADDING, CIRCULAR } = sizes;
  const { M, K, P } = productSizes(sizes);
  const whole = OUT_HEIGHT > 0 && OUT_WIDTH > 0 && [M, K, P].every((size) => size % 4 === 0);
  const aligned = N === 1 || [M * P, K * P].every((size) => size % ALIGNED_ELEMENTS === 0);
  const once = !CIRCULAR || 2 * PADDING < Math.min(KERNEL_HEIGHT, KERNEL_WIDTH);
  return whole && aligned && once && N * K * P <= MAX_COLUMNS;
}

/** A convolution that was recorded, and what records its gradients. */
interface Recorded {
  readonly y: Tensor;
  readonly backward: () => void;
}

/**
 * Records y = w ⋆ x as a matrix product of the weights with the columns of the image.
 * @returns undefined, and records nothing, if the sizes do not suit, or the shapes do not fit.
 */
export function convolveByProduct(
  tape: Tape,
  x: Tensor,
  w: Tensor,
  options: Conv2dOptions,
): Recorded | undefined {
  if (x.shape.length !== 4 || w.shape.length !== 4 || x.shape[1] !== w.shape[1]) return;
  const sizes = constantsOf(x.shape as unknown as Sizes4, w.shape as unknown as Sizes4, options);
  const [N = 0] = x.shape;
  const one = productSizes(sizes);
  const { M, K, P } = one;
  const { out } = options;
  if (!isProduct(N, sizes) || (out && out.size !== N * M * P)) return;
  const y = out ?? tape.tensor([N, M, sizes.OUT_HEIGHT, sizes.OUT_WIDTH], "conv2d");
  const columns = columnsOf(tape, x, N, sizes);
  const weights = w.reshape([1, M, K]);
  const transposed = (): Tensor => transposeOf(tape, weights);
  const item = (tensor: Tensor, rows: number, n: number): Tensor => tensor.view(n * rows * P, [1, rows, P]);
  for (let n = 0; n < N; n++) {
    const target = { tensor: item(y, M, n), accumulate: false };
    product(tape, () => weights, transposed, item(columns, K, n), target, one);
  }
  const backward = (): void => {
    const dy = tape.gradient(y);
    if (tape.needs(x)) {
      const isImage = columns.base === x.base;
      const { tensor, accumulate } = isImage
        ? tape.gradientTarget(x)
        : { tensor: tape.tensor([N, K, P], "columns"), accumulate: false };
      for (let n = 0; n < N; n++) {
        const target = { tensor: item(tensor, K, n), accumulate };
        product(tape, transposed, () => weights, item(dy, M, n), target, { ...one, M: K, K: M });
      }
      if (!isImage) gatherColumns(tape, x, tensor, sizes);
    }
    if (tape.needs(w)) {
      const { tensor, accumulate } = tape.gradientTarget(w);
      for (let n = 0; n < N; n++) {
        const target = { tensor, accumulate: accumulate || n > 0 };
        transposedProduct(tape, item(dy, M, n), item(columns, K, n), target, one);
      }
    }
  };
  return { y, backward };
}

/** The columns of an image: x [N, I, H, W] → [N, I · h · w, H' · W']. Those of a 1×1 kernel are the image itself. */
function columnsOf(tape: Tape, x: Tensor, N: number, sizes: Sizes): Tensor {
  const { INPUTS, OUTPUTS: _, ...geometry } = sizes;
  const { KERNEL_HEIGHT, STRIDE, PADDING } = geometry;
  const { K, P } = productSizes(sizes);
  if (K === INPUTS && STRIDE === 1 && PADDING === 0) return x.reshape([N, K, P]);
  const columns = tape.tensor([N, K, P], "columns");
  const { workgroups, constants } = elementwise(tape, P, { INPUTS, ...geometry });
  tape.dispatch({
    shader: columnsShader,
    constants,
    bindings: { x, out: columns },
    workgroups: [...workgroups, INPUTS * KERNEL_HEIGHT, N],
  });
  return columns;
}

/** Adds the gradient of the columns to that of the image. */
function gatherColumns(tape: Tape, x: Tensor, columns: Tensor, sizes: Sizes): void {
  const { INPUTS, OUTPUTS: _, ...geometry } = sizes;
  const { tensor, accumulate } = tape.gradientTarget(x);
  const launch = elementwise(tape, geometry.HEIGHT * geometry.WIDTH, { ...geometry, ACCUMULATE: accumulate });
  tape.dispatch({
    shader: backwardShader,
    constants: launch.constants,
    bindings: { columns, dx: tensor },
    workgroups: [...launch.workgroups, (x.shape[0] as number) * INPUTS],
  });
}

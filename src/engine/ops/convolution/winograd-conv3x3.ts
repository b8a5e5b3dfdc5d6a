import imageShader from "../../../shaders/convolution/winograd_image.wgsl";
import resultShader from "../../../shaders/convolution/winograd_result.wgsl";
import weightsShader from "../../../shaders/convolution/winograd_weights.wgsl";
import { forwardOnly } from "../../recording/forward-only.js";
import { grid } from "../../recording/launch.js";
import type { Tape } from "../../recording/tape.js";
import { roundUp, type Tensor } from "../../tensors/tensor.js";
import { Workspace } from "../fft/workspace.js";
import { product } from "../linear-algebra/products.js";
import { shapeError } from "../shape-error.js";

/** Options of {@link winogradConv3x3}. */
export interface WinogradOptions {
  /** [O], added to the channels before ReLU. */
  readonly bias?: Tensor;
  /** Whether negative results become zero. */
  readonly relu?: boolean;
  /** [N, O, H, W], to which the result is added, instead of a new tensor. */
  readonly sum?: Tensor;
}

/** Side of the tiles of the result, and places in a transformed tile, as in the shaders. */
const SIDE = 4;
const PLACES = 36;

/**
 * Tiles of a part of the image: a multiple of GRAIN, full workgroups of the products, less GAP. Without the gap, all places of a
 * transformed tile would compete for the same lines of a cache.
 */
const GRAIN = 32;
const GAP = 4;

/** Numbers in a transformed part, at most: it should stay in a processor's or a GPU's cache. */
const MAX_TRANSFORMED = { subgroup: 2 ** 20, register: 2 ** 22 } as const;

/**
 * 3×3 cross-correlation with zero padding by Winograd's method F(4×4, 3×3) (Lavin and Gray 2016), which has a quarter of the
 * multiplications: x [N, I, H, W] ⋆ w [O, I, 3, 3] → [N, O, H, W], all f32. Has no gradient; `conv3x3` has.
 * @throws {ShapeError} if the shapes do not fit.
 */
export function winogradConv3x3(tape: Tape, x: Tensor, w: Tensor, options: WinogradOptions = {}): Tensor {
  const [N = 0, I = 0, H = 0, W = 0] = x.shape;
  const [O = 0, ...rest] = w.shape;
  const { bias, relu = false, sum } = options;
  if (x.shape.length !== 4 || String(rest) !== `${I},3,3`) {
    throw shapeError("winogradConv3x3", "x [N, I, H, W] and weights [O, I, 3, 3]", x, w);
  }
  if (bias && bias.size !== O) throw shapeError("winogradConv3x3", `a bias [${O}]`, bias);
  const shape = [N, O, H, W];
  const y = sum ?? tape.tensor(shape, "winogradConv3x3");
  if (y.size !== N * O * H * W) throw shapeError("winogradConv3x3", `a sum [${shape}]`, y);

  // Channels as the products want them.
  const [K, M] = [roundUp(I, 4), roundUp(O, 4)];
  const { elementwise: WORKGROUP, products: variant } = tape.engine.tuning;
  const packed = tape.tensor([PLACES, M, K], "packed");
  tape.dispatch({
    shader: weightsShader,
    bindings: { w, packed },
    ...grid(tape, [M * K], {
      INPUTS: I,
      OUTPUTS: O,
      ROWS: M,
      COLUMNS: K,
      TRANSPOSED: variant === "register",
    }),
  });

  const tiles = N * Math.ceil(H / SIDE) * Math.ceil(W / SIDE);
  const most = Math.floor(MAX_TRANSFORMED[variant] / (PLACES * Math.max(K, M)) / GRAIN) * GRAIN;
  // Powers of two, so that few sizes of products are compiled.
  const P = Math.max(GRAIN, Math.min(most, 2 ** Math.ceil(Math.log2(tiles + GAP)))) - GAP;
  const workspace = Workspace.of(tape);
  const [image, products] = [workspace.between(0, PLACES * K * P), workspace.between(1, PLACES * M * P)];
  const factor = (): Tensor => packed;
  for (let first = 0; first < tiles; first += P) {
    const count = Math.min(P, tiles - first);
    const groups = Math.ceil(count / WORKGROUP);
    const sizes = (channels: number, rows: number): Tensor => {
      const words = [channels, H, W, first, count, rows, P];
      return workspace.table(`tiles ${words}`, () => Uint32Array.from(words));
    };
    tape.dispatch({
      shader: imageShader,
      constants: { WORKGROUP },
      bindings: { shape: sizes(I, K), x, tiles: image },
      workgroups: [groups, K],
    });
    const target = { tensor: products, accumulate: false };
    product(tape, factor, factor, image, target, { N: PLACES, M, K, P, columns: roundUp(count, 4) });
    tape.dispatch({
      shader: resultShader,
      constants: {
        BIASED: bias !== undefined,
        RELU: relu,
        ADDED: sum !== undefined,
        WORKGROUP,
      },
      // Every binding needs a tensor, even if the shader does not read it.
      bindings: { shape: sizes(O, M), tiles: products, bias: bias ?? w, y },
      workgroups: [groups, O],
    });
  }
  const given = [x, w, bias].filter((each) => each !== undefined);
  forwardOnly(tape, "winogradConv3x3", given, [y]);
  return y;
}

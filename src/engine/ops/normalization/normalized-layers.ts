import headShader from "../../../shaders/normalization/normalized_head.wgsl";
import headBackwardShader from "../../../shaders/normalization/normalized_head_backward.wgsl";
import headBackwardWeightShader from "../../../shaders/normalization/normalized_head_backward_weight.wgsl";
import registerShader from "../../../shaders/normalization/normalized_layer.wgsl";
import registerBackwardShader from "../../../shaders/normalization/normalized_layer_backward.wgsl";
import subgroupBackwardShader from "../../../shaders/normalization/normalized_layer_backward_subgroup.wgsl";
import subgroupShader from "../../../shaders/normalization/normalized_layer_subgroup.wgsl";
import type { Bindings, Constants } from "../../device/bindings.js";
import { grid } from "../../recording/launch.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";
import { product, sizesAsData, transposedProduct, transposeOf } from "../linear-algebra/products.js";
import { shapeError } from "../shape-error.js";

/** A 1×1 convolution, followed by BatchNorm and ReLU. */
export interface NormalizedLayer {
  /** `[N, M, K]`: one for each item. */
  readonly weight: Tensor;
  /** `[M]` */
  readonly gamma: Tensor;
  /** [M] */
  readonly beta: Tensor;
}

/** The 1×1 convolution to one or a few channels that ends a chain. */
export interface ChainHead {
  /** [N, H, K] */
  readonly weight: Tensor;
  /** [H] */
  readonly bias: Tensor;
}

/** The result of a layer, for the layer above it and for the backward pass. */
interface LayerResult {
  /** [N, M, P]: the product before BatchNorm. */
  readonly z: Tensor;
  /** [N, M, 4]: mean, 1 / √(variance + ε), gamma / √(variance + ε), beta. */
  readonly statistics: Tensor;
}

/**
 * A chain of 1×1 convolutions, x [N, K, P] → [N, H, P]: each layer is followed by BatchNorm and ReLU; the
 * head comes last. BatchNorm uses the statistics of each item alone (biased variance, ε = 1e-5), so that real
 * and fake patches are never pooled. K, M and P are multiples of four.
 *
 * One workgroup makes a whole row of a product, and so knows its statistics. The next layer applies them when
 * it reads the row: normalized values are never stored.
 * @throws {ShapeError} if the shapes do not fit.
 */
export function normalizedLayers(
  tape: Tape,
  x: Tensor,
  layers: readonly NormalizedLayer[],
  head: ChainHead,
): Tensor {
  const [N = 0, , P = 0] = x.shape;
  checkShapes(x, layers, head);
  const made: LayerResult[] = [];
  for (const layer of layers) made.push(layerForward(tape, layer, made.at(-1) ?? x, P));
  const top = made.at(-1) as LayerResult;
  const C = top.z.shape[1] as number;
  const H = head.bias.size;
  const sizes = { CHANNELS: C, HEADS: H, PIXELS: P };
  const y = tape.tensor([N, H, P], "head");
  tape.dispatch({
    shader: headShader,
    bindings: { x: top.z, statistics: top.statistics, w: head.weight, bias: head.bias, y },
    ...grid(tape, [P / 4, N, H], sizes),
    multiplyAdds: N * H * C * P,
  });
  const parameters = layers.flatMap(({ weight, gamma, beta }) => [weight, gamma, beta]);
  tape.differentiable([x, ...parameters, head.weight, head.bias], [y], () => {
    // Two gradients of products are needed at a time: those of a layer and of the one below it.
    const most = Math.max(...made.map(({ z }) => z.size));
    const scratch = [tape.tensor([most], "products"), tape.tensor([most], "products")] as const;
    const gradients = made.map(({ z }, i) => (scratch[i % 2] as Tensor).view(0, z.shape));
    headBackward(
      tape,
      head,
      layers.at(-1) as NormalizedLayer,
      top,
      tape.gradient(y),
      gradients.at(-1) as Tensor,
    );
    for (let i = layers.length - 1; i >= 0; i--) {
      const { weight } = layers[i] as NormalizedLayer;
      const dz = gradients[i] as Tensor;
      const [, M = 0, K = 0] = weight.shape;
      const below = made[i - 1];
      if (tape.needs(weight)) {
        const target = tape.gradientTarget(weight);
        transposedProduct(tape, dz, below?.z ?? x, target, { N, M, K, P }, below?.statistics);
      }
      if (below) {
        layerBackward(tape, weight, layers[i - 1] as NormalizedLayer, below, dz, gradients[i - 1] as Tensor);
      } else if (tape.needs(x)) {
        const transposed = (): Tensor => transposeOf(tape, weight);
        product(tape, transposed, () => weight, dz, tape.gradientTarget(x), { N, M: K, K: M, P });
      }
    }
  });
  return y;
}

/** z = weight · (the normalized result below), and the statistics of z. */
function layerForward(
  tape: Tape,
  { weight, gamma, beta }: NormalizedLayer,
  below: LayerResult | Tensor,
  P: number,
): LayerResult {
  const [N = 0, M = 0, K = 0] = weight.shape;
  const made = {
    z: tape.tensor([N, M, P], "products"),
    statistics: tape.tensor([N, M, 4], "statistics"),
  };
  const normalized = "z" in below;
  const { subgroup, constants, bindings, groups } = wholeRows(tape, M, K, P);
  tape.dispatch({
    shader: subgroup ? subgroupShader : registerShader,
    constants: { NORMALIZED: normalized, ...constants },
    bindings: {
      ...bindings,
      w: subgroup ? weight : transposeOf(tape, weight),
      x: normalized ? below.z : below,
      // Every binding needs a tensor, even if the shader does not read it.
      below: normalized ? below.statistics : gamma,
      gamma,
      beta,
      ...made,
    },
    workgroups: [groups, N],
    multiplyAdds: N * M * K * P,
  });
  return made;
}

/** The gradients of the products, gamma and beta of the layer below, from those of a layer's products. */
function layerBackward(
  tape: Tape,
  weight: Tensor,
  { gamma, beta }: NormalizedLayer,
  { z, statistics }: LayerResult,
  dz: Tensor,
  dx: Tensor,
): void {
  const [N = 0, K = 0, M = 0] = weight.shape;
  const P = z.shape[2] as number;
  const { subgroup, constants, bindings, groups } = wholeRows(tape, M, K, P);
  tape.dispatch({
    shader: subgroup ? subgroupBackwardShader : registerBackwardShader,
    constants: { ACCUMULATE: tape.claimGradients([gamma, beta]), ...constants },
    bindings: {
      ...bindings,
      w: subgroup ? transposeOf(tape, weight) : weight,
      dz,
      x: z,
      statistics,
      dx,
      dgamma: tape.gradient(gamma),
      dbeta: tape.gradient(beta),
    },
    workgroups: [groups],
    multiplyAdds: N * M * K * P,
  });
}

function headBackward(
  tape: Tape,
  { weight, bias }: ChainHead,
  { gamma, beta }: NormalizedLayer,
  { z, statistics }: LayerResult,
  dy: Tensor,
  dx: Tensor,
): void {
  const [N = 0, C = 0, P = 0] = z.shape;
  const H = bias.size;
  const constants = { BATCH: N, CHANNELS: C, HEADS: H, PIXELS: P, WORKGROUP: tape.engine.tuning.reduction };
  if (tape.needs(weight) || tape.needs(bias)) {
    const dw = tape.gradientTarget(weight);
    const dbias = tape.gradientTarget(bias);
    tape.dispatch({
      shader: headBackwardWeightShader,
      constants: { ...constants, ACCUMULATE_WEIGHT: dw.accumulate, ACCUMULATE_BIAS: dbias.accumulate },
      bindings: { x: z, statistics, dy, dw: dw.tensor, dbias: dbias.tensor },
      workgroups: [C, H, N],
      multiplyAdds: N * H * C * P,
    });
  }
  tape.dispatch({
    shader: headBackwardShader,
    constants: { ...constants, ACCUMULATE: tape.claimGradients([gamma, beta]) },
    bindings: {
      x: z,
      statistics,
      w: weight,
      dy,
      dx,
      dgamma: tape.gradient(gamma),
      dbeta: tape.gradient(beta),
    },
    workgroups: [C],
    multiplyAdds: N * H * C * P,
  });
}

/** How to launch a shader whose workgroups make whole rows of a product [M, K] · [K, P]. */
function wholeRows(
  tape: Tape,
  M: number,
  K: number,
  P: number,
): { subgroup: boolean; constants: Constants; bindings: Bindings; groups: number } {
  const { products, productLanes, layer } = tape.engine.tuning;
  return products === "subgroup"
    ? {
        subgroup: true,
        constants: { LANES: productLanes },
        bindings: { sizes: sizesAsData(tape, M, K, P) },
        groups: Math.ceil(M / (4 * productLanes)),
      }
    : { subgroup: false, constants: { M, K, P, WORKGROUP: layer }, bindings: {}, groups: M / 4 };
}

function checkShapes(x: Tensor, layers: readonly NormalizedLayer[], head: ChainHead): void {
  const [N, , P = 0] = x.shape;
  const fits = layers.every(({ weight, gamma, beta }, i) => {
    const [items, M = 0, K = 0] = weight.shape;
    const inputs = i === 0 ? x.shape[1] : layers[i - 1]?.weight.shape[1];
    return items === N && K === inputs && M % 4 === 0 && K % 4 === 0 && gamma.size === M && beta.size === M;
  });
  const top = layers.at(-1)?.weight.shape[1] ?? 0;
  if (x.shape.length !== 3 || P % 4 || !fits || head.weight.size !== (N ?? 0) * head.bias.size * top) {
    throw shapeError(
      "normalizedLayers",
      "x [N, K, P], weights [N, M, K] with gamma and beta [M], all multiples of four, and a head [N, H, M]",
      x,
      ...layers.map(({ weight }) => weight),
      head.weight,
    );
  }
}

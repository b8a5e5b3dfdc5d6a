import forwardShader from "../../shaders/collapse.wgsl";
import backwardShader from "../../shaders/collapse_backward.wgsl";
import { ShapeError } from "../errors.js";
import type { Tape } from "../tape.js";
import { ALIGNED_ELEMENTS, roundUp, type Tensor } from "../tensor.js";

/**
 * The one kernel [1, 1, k, k] that a chain of bias-free linear convolutions equals (MetaKernelGAN, Eq. 3):
 * weights [O, I, s, s] from the first layer to the last, the first with one input, the last with one output, all
 * views of one buffer. k = Σ (s − 1) + 1. The chain is contracted from its single output backwards, and its gradient
 * goes through the same composites, so that a step costs half a million multiply-adds rather than a thousand million.
 * @throws {ShapeError} if the weights do not form such a chain.
 */
export function collapse(tape: Tape, weights: readonly Tensor[]): Tensor {
  const layers = describe(weights);
  const base = (weights[0] as Tensor).base;
  const first = layers[0] as Layer;
  const composites = tape.tensor([layers.reduce((size, l) => size + compositeSize(l), 0)], "composites");
  const kernel = composites.view(0, [1, 1, first.extent, first.extent], "kernel");
  const table = tape.constant(
    Uint32Array.from(layers.flatMap((l) => [l.weight, l.outputs, l.inputs, l.size, l.composite, l.extent])),
    "collapse layers",
  );
  const constants = { LAYERS: layers.length, WORKGROUP: tape.engine.tuning.single };
  const multiplyAdds = layers
    .slice(0, -1)
    .reduce(
      (sum, l, i) => sum + l.outputs * l.inputs * l.size ** 2 * (layers[i + 1] as Layer).extent ** 2,
      0,
    );
  tape.dispatch({
    shader: forwardShader,
    constants,
    bindings: { layers: table, weights: base, composites },
    workgroups: [1],
    multiplyAdds,
  });
  tape.differentiable(weights, [kernel], () => {
    const targets = weights.map((weight) => tape.gradientTarget(weight));
    tape.dispatch({
      shader: backwardShader,
      constants: { ...constants, ACCUMULATE: targets.some(({ accumulate }) => accumulate) },
      bindings: {
        layers: table,
        weights: base,
        composites,
        dcomposites: tape.gradient(composites),
        dweights: tape.gradient(base),
      },
      workgroups: [1],
      multiplyAdds: 2 * multiplyAdds,
    });
  });
  return kernel;
}

interface Layer {
  /** Element at which the weights start. */
  readonly weight: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly size: number;
  /** Element at which the composite from this layer on starts, and its side length. */
  readonly composite: number;
  readonly extent: number;
}

function compositeSize({ inputs, extent }: Pick<Layer, "inputs" | "extent">): number {
  return roundUp(inputs * extent * extent, ALIGNED_ELEMENTS);
}

function describe(weights: readonly Tensor[]): Layer[] {
  const fits = weights.every(({ shape, base }, i) => {
    const inputs = i === 0 ? 1 : weights[i - 1]?.shape[0];
    const one = i < weights.length - 1 || shape[0] === 1;
    return (
      shape.length === 4 && shape[1] === inputs && shape[2] === shape[3] && one && base === weights[0]?.base
    );
  });
  if (!fits || weights.length === 0) {
    throw new ShapeError(
      `collapse wants a chain of square [O, I, s, s] from one channel to one, in one buffer; got ${weights.map((w) => `[${w.shape}]`).join(" ")}.`,
    );
  }
  let composite = 0;
  return weights.map(({ shape, start }, i) => {
    const [outputs = 0, inputs = 0, size = 0] = shape;
    const extent = 1 + weights.slice(i).reduce((sum, w) => sum + (w.shape[2] as number) - 1, 0);
    const layer = { weight: start, outputs, inputs, size, composite, extent };
    composite += compositeSize(layer);
    return layer;
  });
}

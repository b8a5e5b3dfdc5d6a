import forwardShader from "../../../shaders/convolution/collapse.wgsl";
import backwardShader from "../../../shaders/convolution/collapse_backward.wgsl";
import type { Engine } from "../../device/engine.js";
import { DISPOSE } from "../../disposal.js";
import type { Tape } from "../../recording/tape.js";
import { ALIGNED_ELEMENTS, roundUp, type Tensor } from "../../tensors/tensor.js";
import { shapeError } from "../shape-error.js";

interface Layer {
  /** Element at which the weights start. */
  readonly weight: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly size: number;
  /** Element at which the composite from this layer on starts, its side length, and its elements per row. */
  readonly composite: number;
  readonly extent: number;
  readonly pitch: number;
}

/**
 * The single kernel that a chain of bias-free linear convolutions equals (MetaKernelGAN, Eq. 3). The weights
 * [O, I, s, s] run from the first layer, with one input, to the last, with one output; all are views of one
 * buffer. The chain is contracted from its output backwards, and its gradient goes through the same
 * composites, so that a step costs half a million multiply-adds rather than a billion.
 *
 * The kernel stays valid until the weights change: {@link refresh} brings it up to date, {@link kernel} uses
 * it.
 */
export class CollapsedChain {
  private readonly layers: readonly Layer[];
  private readonly table: Tensor;
  private readonly composites: Tensor;
  private readonly scratch: Tensor;
  private readonly partial: Tensor;
  /** The kernel [1, 1, k, k], k = Σ (s − 1) + 1, as of the last refresh. */
  readonly output: Tensor;

  /** @throws {ShapeError} if the weights do not form such a chain. */
  constructor(
    private readonly engine: Engine,
    private readonly weights: readonly Tensor[],
  ) {
    this.layers = describe(weights);
    this.table = engine.tensor([7 * this.layers.length], {
      label: "layers",
      data: Uint32Array.from(
        this.layers.flatMap((l) => [l.weight, l.outputs, l.inputs, l.size, l.composite, l.extent, l.pitch]),
      ),
    });
    const size = this.layers.reduce((sum, layer) => sum + compositeSize(layer), 0);
    this.composites = engine.tensor([size], { label: "composites" });
    const { extent } = this.layers[0] as Layer;
    this.output = this.composites.view(0, [1, 1, extent, extent], "kernel");
    const sizes = this.stages.map(
      ({ layer, after }) => roundUp(layer.inputs * layer.size ** 2, 4) * after.pitch,
    );
    this.scratch = engine.tensor([Math.max(4, ...sizes)], { label: "scratch" });
    const partial = this.stages.map(({ layer, after }) => {
      const groups = Math.ceil(layer.outputs / 4);
      const shares = Math.max(1, Math.floor(engine.tuning.single / groups));
      return shares * groups * 4 * after.extent ** 2;
    });
    this.partial = engine.tensor([Math.max(4, ...partial)], { label: "partial sums" });
  }

  /** Recomputes the kernel from the weights. */
  refresh(tape: Tape): void {
    tape.dispatch({
      shader: forwardShader,
      constants: this.constants,
      bindings: {
        layers: this.table,
        weights: this.base,
        composites: this.composites,
        scratch: this.scratch,
      },
      workgroups: [1],
      multiplyAdds: this.multiplyAdds,
    });
  }

  /** {@link output} with its gradient with respect to the weights; call it once for each backward pass. */
  kernel(tape: Tape): Tensor {
    tape.differentiable(this.weights, [this.output], () => {
      const ACCUMULATE = tape.claimGradients(this.weights);
      tape.dispatch({
        shader: backwardShader,
        constants: { ...this.constants, ACCUMULATE },
        bindings: {
          layers: this.table,
          weights: this.base,
          composites: this.composites,
          dcomposites: tape.gradient(this.composites),
          dweights: tape.gradient(this.base),
          window: this.scratch,
          partial: this.partial,
        },
        workgroups: [1],
        multiplyAdds: 2 * this.multiplyAdds,
      });
    });
    return this.output;
  }

  /** Frees everything except the weights. */
  dispose(): void {
    for (const tensor of [this.table, this.composites, this.scratch, this.partial]) this.engine.free(tensor);
  }

  [DISPOSE](): void {
    this.dispose();
  }

  private get base(): Tensor {
    return (this.weights[0] as Tensor).base;
  }

  private get constants(): { LAYERS: number; WORKGROUP: number } {
    return { LAYERS: this.layers.length, WORKGROUP: this.engine.tuning.single };
  }

  private get stages(): { layer: Layer; after: Layer }[] {
    return this.layers.slice(1).map((after, i) => ({ layer: this.layers[i] as Layer, after }));
  }

  private get multiplyAdds(): number {
    return this.stages.reduce(
      (sum, { layer, after }) => sum + layer.outputs * layer.inputs * layer.size ** 2 * after.extent ** 2,
      0,
    );
  }
}

function compositeSize({ inputs, pitch }: Pick<Layer, "inputs" | "pitch">): number {
  return roundUp(inputs * pitch, ALIGNED_ELEMENTS);
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
    throw shapeError(
      "A chain",
      "square weights [O, I, s, s] from one channel to one, in one buffer",
      ...weights,
    );
  }
  let composite = 0;
  return weights.map(({ shape, start }, i) => {
    const [outputs = 0, inputs = 0, size = 0] = shape;
    const extent = 1 + weights.slice(i).reduce((sum, w) => sum + (w.shape[2] as number) - 1, 0);
    // The shaders take twelve places at a time; a single place is padded to a vec4.
    const pitch = extent === 1 ? 4 : roundUp(extent ** 2, 12);
    const layer = { weight: start, outputs, inputs, size, composite, extent, pitch };
    composite += compositeSize(layer);
    return layer;
  });
}

import {
  type Bindings,
  bindEntries,
  type Constants,
  type Kernel,
  type StorageTypes,
} from "../device/pipelines.js";
import type { Shader } from "../device/shader.js";
import type { Engine } from "../engine.js";
import { EngineError } from "../errors.js";
import type { DType, Tensor } from "../tensors/tensor.js";
import type { TensorPool } from "../tensors/tensor-pool.js";
import { TensorSet } from "../tensors/tensor-set.js";
import { type Dispatch, Program } from "./program.js";

/** One dispatch, as an operation asks for it. */
export interface DispatchRequest {
  readonly shader: Shader;
  readonly bindings: Bindings;
  readonly constants?: Constants;
  /** What lies in memory where not f32, by the shader's aliases. */
  readonly types?: StorageTypes;
  /** Workgroups along x, y, z. */
  readonly workgroups: readonly number[];
  /** Multiply-adds that the method needs here, for the speed figures. */
  readonly multiplyAdds?: number;
}

/** Where a backward pass puts a gradient. */
export interface GradientTarget {
  readonly tensor: Tensor;
  /** Whether an earlier operation of this backward pass wrote here already, so that values are to be added. */
  readonly accumulate: boolean;
}

/** One term of an objective: a scalar tensor times a constant. */
export interface LossTerm {
  readonly loss: Tensor;
  readonly weight: number;
}

interface Node {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** Records the dispatches that carry gradients from the outputs to the inputs. */
  readonly backward: (weight: number) => void;
}

/**
 * Records dispatches: an operation adds its forward dispatches and says how its gradient goes back; `backward`
 * adds the gradient's dispatches. What was recorded is then replayed as often as wanted (see {@link Program}),
 * with no further work on the CPU than encoding the list.
 */
export class Tape {
  private readonly requests: { request: DispatchRequest; kernel: Kernel }[] = [];
  private readonly owned: Tensor[] = [];
  private readonly transposes = new Map<Tensor, Tensor>();
  private readonly gradients = new Map<Tensor, Tensor>();
  private nodes: Node[] = [];
  private needed = new TensorSet();
  private written = new TensorSet();

  /**
   * @param differentiates whether a backward pass may follow; if not, operations may write to a tensor again that another
   *   one has made (see {@link TensorPool}).
   */
  constructor(
    readonly engine: Engine,
    private readonly differentiates = true,
  ) {}

  /** A tensor that lives as long as the program that comes of this tape. */
  tensor(shape: readonly number[], label?: string, dtype?: DType): Tensor {
    const tensor = this.engine.tensor(shape, { label, dtype });
    this.owned.push(tensor);
    return tensor;
  }

  /** A tensor of fixed values, such as a table, that lives as long as the program. */
  constant(data: Float32Array | Uint32Array, label?: string): Tensor {
    const tensor = this.engine.tensor([data.length], { data, label });
    this.owned.push(tensor);
    return tensor;
  }

  /** Adds a dispatch; its pipeline starts to compile at once. */
  dispatch(request: DispatchRequest): void {
    const kernel = this.engine.kernels.get(request.shader, request.constants ?? {}, request.types);
    this.requests.push({ request, kernel });
  }

  /**
   * Where to write the gradients of inputs that one kernel makes together.
   * @returns whether values are to be added.
   * @throws {EngineError} if that differs between the inputs.
   */
  claimGradients(tensors: readonly Tensor[]): boolean {
    const targets = tensors.map((tensor) => this.gradientTarget(tensor));
    const added = targets.filter(({ accumulate }) => accumulate).length;
    if (added !== 0 && added !== targets.length) {
      throw new EngineError(
        `Of ${tensors.map(({ label }) => label).join(", ")} only some are used elsewhere too: their gradients are made together, so use all or none.`,
      );
    }
    return added > 0;
  }

  /**
   * Says how gradients go from `outputs` to `inputs`; `backward` runs while the backward pass is recorded.
   * @throws {EngineError} if an output has its way back already, which would count it twice, or a tensor is of f16.
   */
  differentiable(
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    backward: (weight: number) => void,
  ): void {
    if (!this.differentiates) return;
    const half = [...inputs, ...outputs].find(({ dtype }) => dtype === "f16");
    if (half) throw new EngineError(`${half.label} is of f16, which has no gradients: record without them.`);
    const made = new TensorSet(this.nodes.flatMap((node) => node.outputs));
    const twice = outputs.find((output) => made.touches(output));
    if (twice) throw new EngineError(`${twice.label} is made twice before a backward pass; make it once.`);
    this.nodes.push({ inputs, outputs, backward });
  }

  /** Names the transpose of a matrix that some operation has written beside it. */
  setTransposed(matrix: Tensor, transposed: Tensor): void {
    this.transposes.set(matrix, transposed);
  }

  /** The transpose of a matrix, if it was recorded on this tape. */
  transposed(matrix: Tensor): Tensor | undefined {
    return this.transposes.get(matrix);
  }

  /** Whether the backward pass that is being recorded wants the gradient of a tensor, or of a part of it. */
  needs(tensor: Tensor): boolean {
    return this.needed.touches(tensor);
  }

  /**
   * The gradient of a tensor: of the same shape, zero at first. A view's gradient is a view of the gradient of
   * the whole.
   */
  gradient(tensor: Tensor): Tensor {
    let whole = this.gradients.get(tensor.base);
    if (!whole) {
      whole = this.tensor(tensor.base.shape, `d ${tensor.base.label}`);
      this.gradients.set(tensor.base, whole);
    }
    return tensor === tensor.base
      ? whole
      : whole.view(tensor.start - tensor.base.start, tensor.shape, `d ${tensor.label}`);
  }

  /**
   * Where to write the gradient of an input, during a backward pass.
   * @throws {EngineError} if a part of the tensor has a gradient already, but not all of it: no kernel adds to a part.
   */
  gradientTarget(tensor: Tensor): GradientTarget {
    const gradient = this.gradient(tensor);
    const accumulate = this.written.has(tensor);
    if (!accumulate && this.written.touches(tensor)) {
      throw new EngineError(
        `${tensor.label} and a part of it are both used between two backward passes: use views that do not overlap, or only the whole.`,
      );
    }
    this.written.add(tensor);
    return { tensor: gradient, accumulate };
  }

  /**
   * Records the gradients of a sum of losses with respect to `parameters`, and forgets the graph recorded so far.
   * Only operations between the parameters and the losses take part.
   * @throws {EngineError} if no loss depends on the parameters, or the tape was made to record no gradients.
   */
  backward(objective: readonly LossTerm[], parameters: readonly Tensor[]): void {
    this.needed = new TensorSet(parameters);
    const active = this.nodes.filter((node) => {
      if (!node.inputs.some((input) => this.needs(input))) return false;
      for (const output of node.outputs) this.needed.add(output);
      return true;
    });
    const weights = new Map(objective.map(({ loss, weight }) => [loss.key, weight]));
    const reached = new TensorSet(objective.map(({ loss }) => loss));
    let recorded = 0;
    for (const node of active.reverse()) {
      if (!node.outputs.some((output) => reached.has(output))) continue;
      for (const input of node.inputs) if (this.needs(input)) reached.add(input);
      node.backward(weights.get(node.outputs[0]?.key ?? "") ?? 1);
      recorded++;
    }
    if (recorded === 0)
      throw new EngineError("No loss of this backward pass depends on the parameters given.");
    this.nodes = [];
    // What follows is an optimizer as a rule: from then on a transpose would be that of the old values.
    this.transposes.clear();
    this.needed = new TensorSet();
    this.written = new TensorSet();
  }

  /** Waits for the pipelines and settles every bind group. */
  async finish(): Promise<Program> {
    const { device } = this.engine;
    const pipelines = await Promise.all(this.requests.map(({ kernel }) => kernel.pipeline));
    const dispatches = this.requests.map(({ request }, index): Dispatch => {
      const pipeline = pipelines[index] as GPUComputePipeline;
      const { shader, bindings, workgroups, multiplyAdds = 0 } = request;
      const [x = 1, y = 1, z = 1] = workgroups;
      const bindGroup = device.createBindGroup({
        label: shader.name,
        layout: pipeline.getBindGroupLayout(0),
        entries: bindEntries(shader, bindings),
      });
      return { label: shader.name, pipeline, bindGroup, workgroups: [x, y, z], multiplyAdds };
    });
    this.engine.check();
    return new Program(this.engine, dispatches, this.owned);
  }
}

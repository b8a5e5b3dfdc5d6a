import { abortable } from "../abortable.js";
import {
  type Bindings,
  bindEntries,
  type Constants,
  checkShader,
  type StorageTypes,
} from "../device/bindings.js";
import type { Engine } from "../device/engine.js";
import type { Shader } from "../device/shader.js";
import { DISPOSE } from "../disposal.js";
import { EngineError, ShapeError } from "../errors.js";
import { type DType, isCount, sizeOf, type Tensor } from "../tensors/tensor.js";
import { TensorSet } from "../tensors/tensor-set.js";
import { type Dispatch, Program } from "./program.js";
import type { StepCounter, StepIndex } from "./step-counter.js";
import { StepRanges } from "./step-ranges.js";

/** One dispatch, as an operation asks for it. */
export interface DispatchRequest {
  readonly shader: Shader;
  readonly bindings: Bindings;
  readonly constants?: Constants;
  /** Element types in memory, by the shader's aliases; default: f32. */
  readonly types?: StorageTypes;
  /** Workgroups along x, y, z; default: 1 along y and z. */
  readonly workgroups: readonly number[];
  /**
   * The table or history that the shader indexes by a step counter, if it does: see
   * {@link StepCounter.rowOf}.
   */
  readonly index?: StepIndex;
  /** The counter that the shader moves on by a step, if it does. */
  readonly advances?: StepCounter;
  /** Multiply-adds that the method needs here, for the speed figures. */
  readonly multiplyAdds?: number;
}

/** Where a backward pass writes a gradient. */
export interface GradientTarget {
  readonly tensor: Tensor;
  /** Whether to add, because an earlier operation of this backward pass has written here. */
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
  /** Whether its output is a loss, with which a backward pass can begin. */
  readonly isLoss: boolean;
  /**
   * Records the dispatches that carry gradients from the outputs to the inputs.
   * @param weight of a loss in the objective.
   */
  readonly backward: (weight: number) => void;
}

/** A dispatch that was checked; only its pipeline may still be compiling. */
interface RecordedDispatch extends Omit<Dispatch, "pipeline" | "bindGroup"> {
  readonly pipeline: Promise<GPUComputePipeline>;
  readonly entries: GPUBindGroupEntry[];
}

/**
 * Records dispatches. An operation adds its forward dispatches and says how its gradient goes back;
 * `backward` adds the gradient's dispatches. The recorded {@link Program} is then replayed as often as
 * wanted, and costs the CPU no more than encoding the list.
 */
export class Tape {
  private readonly dispatches: RecordedDispatch[] = [];
  private readonly steps = new StepRanges();
  private readonly owned: Tensor[] = [];
  /** Tensors that later ones may overwrite. */
  private readonly released: Tensor[] = [];
  private readonly transposes = new Map<Tensor, Tensor>();
  private readonly gradients = new Map<Tensor, Tensor>();
  private nodes: Node[] = [];
  /** Outputs of the nodes. */
  private outputs = new TensorSet();
  private needed = new TensorSet();
  private written = new TensorSet();
  /** Tensors whose gradients earlier backward passes have written. */
  private readonly earlier = new TensorSet();

  /**
   * @param differentiates whether a backward pass may follow. If not, an operation may overwrite the result
   *   of another (see {@link release}).
   */
  constructor(
    readonly engine: Engine,
    private readonly differentiates = true,
  ) {}

  /**
   * A tensor that lives as long as the program recorded here: zeros, or the old values of a {@link release released} tensor of
   * this size.
   */
  tensor(shape: readonly number[], label?: string, dtype: DType = "f32"): Tensor {
    const size = sizeOf(shape);
    const which = this.released.findLastIndex((each) => each.size === size && each.dtype === dtype);
    if (which >= 0) return this.released.splice(which, 1)[0].reshape(shape);
    const tensor = this.engine.tensor(shape, { label, dtype });
    this.owned.push(tensor);
    return tensor;
  }

  /**
   * Offers the memory of a tensor of this tape, or of a view of all of it, to later ones, after the last operation that reads it was
   * recorded. Does nothing if a backward pass may follow, which would still need the values, or the tensor came from elsewhere.
   */
  release(tensor: Tensor): void {
    if (!this.differentiates && this.owned.includes(tensor.base)) this.released.push(tensor);
  }

  /** A tensor of fixed values, such as a table, that lives as long as the program recorded here. */
  constant(data: Float32Array | Uint32Array | Int32Array, label?: string): Tensor {
    const tensor = this.engine.tensor([data.length], { data, label });
    this.owned.push(tensor);
    return tensor;
  }

  /**
   * Adds a dispatch; its pipeline starts to compile at once.
   * @throws {ShaderError} if the shader is not one.
   * @throws {BindingError} if a binding, a constant, a type, the index or the counter is unknown or of the wrong kind, one that
   *   the shader needs is missing, or a tensor is too small, was freed, or is written and used by another binding too.
   * @throws {ShapeError} if the device does not take so many workgroups.
   */
  dispatch(request: DispatchRequest): void {
    checkShader(typeof request === "string" ? request : request?.shader);
    const { shader, workgroups, index, advances, multiplyAdds = 0 } = request;
    const types = request.types ?? {};
    const entries = bindEntries(this.engine, shader, request.bindings ?? {}, types);
    const [x, y = 1, z = 1, ...more] = Array.isArray(workgroups) ? workgroups : [];
    const most = this.engine.device.limits.maxComputeWorkgroupsPerDimension;
    if (more.length > 0 || ![x, y, z].every((count) => isCount(count) && count <= most)) {
      throw new ShapeError(
        `Shader ${shader.name} takes one to three whole numbers of workgroups up to ${most}; got ${workgroups}.`,
      );
    }
    const pipeline = this.engine.pipelines.get(shader, request.constants ?? {}, types);
    if (index !== undefined) this.steps.index(index ?? {});
    if (advances !== undefined) this.steps.advance(advances);
    this.dispatches.push({ label: shader.name, pipeline, entries, workgroups: [x, y, z], multiplyAdds });
  }

  /**
   * Claims the gradients of inputs that one dispatch writes together.
   * @returns whether to add to them.
   * @throws {EngineError} if that differs between the inputs.
   */
  claimGradients(tensors: readonly Tensor[]): boolean {
    const targets = tensors.map((tensor) => this.gradientTarget(tensor));
    const added = targets.filter(({ accumulate }) => accumulate).length;
    if (added !== 0 && added !== targets.length) {
      throw new EngineError(
        `Only some of ${tensors.map(({ label }) => label).join(", ")} are used elsewhere too: use all of them there, or none.`,
      );
    }
    return added > 0;
  }

  /**
   * Says how gradients go from `outputs` to `inputs`; `backward` runs while the backward pass is recorded.
   * @throws {EngineError} if another operation makes an output too, which would count it twice, or a tensor
   *   is of f16.
   */
  differentiable(inputs: readonly Tensor[], outputs: readonly Tensor[], backward: () => void): void {
    this.addNode({ inputs, outputs, isLoss: false, backward });
  }

  /**
   * Says how the gradient of a loss goes to `input`; `backward` is given the loss's weight in the objective.
   * @throws {EngineError} as {@link differentiable} does.
   */
  differentiableLoss(input: Tensor, loss: Tensor, backward: (weight: number) => void): void {
    this.addNode({ inputs: [input], outputs: [loss], isLoss: true, backward });
  }

  private addNode(node: Node): void {
    if (!this.differentiates) return;
    const { inputs, outputs } = node;
    const half = [...inputs, ...outputs].find(({ dtype }) => dtype === "f16");
    if (half) throw new EngineError(`${half.label} is of f16, which has no gradients: record without them.`);
    const twice = outputs.find((output) => this.outputs.touches(output));
    if (twice) throw new EngineError(`${twice.label} is made twice before a backward pass; make it once.`);
    for (const output of outputs) this.outputs.add(output);
    this.nodes.push(node);
  }

  /** Names the transpose of a matrix, which an operation has written beside it. */
  setTransposed(matrix: Tensor, transposed: Tensor): void {
    this.transposes.set(matrix, transposed);
  }

  /** The transpose of a matrix, if it was recorded on this tape. */
  transposed(matrix: Tensor): Tensor | undefined {
    return this.transposes.get(matrix);
  }

  /** Whether the backward pass that is being recorded needs the gradient of a tensor, or of a part of it. */
  needs(tensor: Tensor): boolean {
    return this.needed.touches(tensor);
  }

  /**
   * The gradient of a tensor, of the same shape and zero at first. The gradient of a view is a view of the
   * whole tensor's gradient.
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
   * Where a backward pass is to write the gradient of an input.
   * @throws {EngineError} if only a part of the tensor has a gradient already: no shader adds to a part and
   *   writes the rest.
   */
  gradientTarget(tensor: Tensor): GradientTarget {
    const gradient = this.gradient(tensor);
    const accumulate = this.written.has(tensor);
    if (!accumulate && this.written.touches(tensor)) {
      throw new EngineError(
        `${tensor.label} and a part of it are used between two backward passes: use one of them.`,
      );
    }
    this.written.add(tensor);
    return { tensor: gradient, accumulate };
  }

  /**
   * Records the gradients of a weighted sum of losses with respect to `parameters`, and forgets the graph
   * recorded so far. Only operations between the parameters and the losses take part.
   * @throws {EngineError} if no loss depends on the parameters, a term of the objective is not the output of
   *   a loss, an earlier backward pass has written a part of a parameter's gradient that this one does not, or
   *   the tape records no gradients.
   */
  backward(objective: readonly LossTerm[], parameters: readonly Tensor[]): void {
    this.needed = new TensorSet(parameters);
    const active = this.nodes.filter((node) => {
      if (!node.inputs.some((input) => this.needs(input))) return false;
      for (const output of node.outputs) this.needed.add(output);
      return true;
    });
    const weights = new Map(objective.map(({ loss, weight }) => [loss.key, weight]));
    const losses = objective.map(({ loss }) => loss);
    const reached = new TensorSet(losses);
    let recorded = 0;
    for (const node of active.reverse()) {
      // A part of an output is enough: the gradient of the rest is zero.
      if (!node.outputs.some((output) => reached.touches(output))) continue;
      const other = node.isLoss
        ? undefined
        : losses.find((loss) => new TensorSet(node.outputs).touches(loss));
      if (other) throw new EngineError(`${other.label} is not a loss: give the output of a loss.`);
      for (const input of node.inputs) if (this.needs(input)) reached.add(input);
      node.backward(weights.get(node.outputs[0]?.key ?? "") ?? 1);
      recorded++;
    }
    if (recorded === 0)
      throw new EngineError("No loss of this backward pass depends on the parameters given.");
    for (const parameter of parameters) {
      if (this.earlier.within(parameter).some((part) => !this.written.has(part))) {
        throw new EngineError(
          `A part of the gradient of ${parameter.label} would stay that of an earlier backward pass: use another tape.`,
        );
      }
      for (const part of this.written.within(parameter)) this.earlier.add(part);
    }
    this.nodes = [];
    this.outputs = new TensorSet();
    // An optimizer follows as a rule, and after it the transposes would hold the old values.
    this.transposes.clear();
    this.needed = new TensorSet();
    this.written = new TensorSet();
  }

  /**
   * Waits for the pipelines and makes the program. The tape ends here, and if this fails its tensors are
   * freed.
   * @param signal ends the wait; pipelines that are being compiled are kept for later.
   * @throws {ShaderError} if a shader does not compile.
   * @throws {OutOfMemoryError} if the device had no room for a tensor.
   * @throws the signal's reason if it is aborted.
   */
  async finish(signal?: AbortSignal): Promise<Program> {
    try {
      const { engine } = this;
      const compiled = engine.wait(Promise.all(this.dispatches.map(({ pipeline }) => pipeline)));
      const pipelines = await abortable(compiled, signal);
      // Tensors that found no room must be reported before the bind groups that they would spoil.
      await engine.settle();
      const bind = ({ entries, ...recorded }: RecordedDispatch, index: number): Dispatch => {
        const pipeline = pipelines[index] as GPUComputePipeline;
        const layout = pipeline.getBindGroupLayout(0);
        const bindGroup = engine.device.createBindGroup({ label: recorded.label, layout, entries });
        return { ...recorded, pipeline, bindGroup };
      };
      const dispatches = engine.observe(() => this.dispatches.map(bind), { source: this });
      await engine.settle();
      return new Program(engine, dispatches, this.steps, this.owned);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** Frees the tensors of a tape that will not be finished. */
  dispose(): void {
    for (const tensor of this.owned) this.engine.free(tensor);
  }

  [DISPOSE](): void {
    this.dispose();
  }
}

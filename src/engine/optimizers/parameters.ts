import type { Engine } from "../device/engine.js";
import { DISPOSE } from "../disposal.js";
import { EngineError, ShapeError } from "../errors.js";
import type { Tape } from "../recording/tape.js";
import { ALIGNED_ELEMENTS, roundUp, sizeOf, type Tensor } from "../tensors/tensor.js";

/** Name and shape of one tensor of {@link Parameters}. */
export interface ParameterShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * Named tensors side by side in one buffer, so that an optimizer updates all of them in one dispatch. The
 * gaps that alignment leaves between them stay zero.
 */
export class Parameters {
  /** All of them as one tensor, gaps included. */
  readonly whole: Tensor;
  private readonly views = new Map<string, Tensor>();

  constructor(
    private readonly engine: Engine,
    shapes: readonly ParameterShape[],
    label: string,
  ) {
    let size = 0;
    const starts = shapes.map(({ shape }) => {
      const start = size;
      size += roundUp(sizeOf(shape), ALIGNED_ELEMENTS);
      return start;
    });
    this.whole = engine.tensor([size], { label });
    shapes.forEach(({ name, shape }, i) => {
      this.views.set(name, this.whole.view(starts[i] as number, shape, name));
    });
  }

  get names(): readonly string[] {
    return [...this.views.keys()];
  }

  /**
   * The tensor of a name.
   * @throws {EngineError} if there is none.
   */
  get(name: string): Tensor {
    const view = this.views.get(name);
    if (!view) throw new EngineError(`There is no parameter ${name}; there are ${this.names.join(", ")}.`);
    return view;
  }

  /**
   * Uploads values.
   * @param values one array for each name, row-major; default: zeros.
   * @param target a tensor laid out as the parameters, such as an optimizer's moments; default: the
   *   parameters.
   * @throws {ShapeError} if an array is missing or has another size.
   */
  write(values?: ReadonlyMap<string, Float32Array>, target = this.whole): void {
    const all = new Float32Array(this.whole.size);
    for (const [name, view] of values ? this.views : []) {
      const data = values?.get(name);
      if (data?.length !== view.size) {
        throw new ShapeError(
          `Parameter ${name} [${view.shape}] wants ${view.size} values; got ${data?.length ?? 0}.`,
        );
      }
      all.set(data, view.start);
    }
    this.engine.write(target, all);
  }

  /** A table laid out as the parameters, with one number for all elements of each; see {@link SgdRates}. */
  broadcast(tape: Tape, numberOf: (name: string) => number, label = "numbers"): Tensor {
    const all = new Float32Array(this.whole.size);
    for (const [name, { start, size }] of this.views) all.fill(numberOf(name), start, start + size);
    return tape.constant(all, label);
  }

  /** Reads all values back. */
  async read(): Promise<Map<string, Float32Array>> {
    return this.split(await this.engine.read(this.whole));
  }

  /** Cuts values that are laid out as {@link whole}, such as a gradient, into named arrays. */
  split(all: Float32Array): Map<string, Float32Array> {
    return new Map(
      [...this.views].map(([name, view]) => [name, all.slice(view.start, view.start + view.size)]),
    );
  }

  /** Frees all of them. */
  dispose(): void {
    this.engine.free(this.whole);
  }

  [DISPOSE](): void {
    this.dispose();
  }
}

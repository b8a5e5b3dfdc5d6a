import type { Engine } from "../engine.js";
import { EngineError, ShapeError } from "../errors.js";
import type { Tape } from "../recording/tape.js";
import { ALIGNED_ELEMENTS, roundUp, sizeOf, type Tensor } from "./tensor.js";

/** Name and shape of one tensor of a {@link Parameters}. */
export interface ParameterShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * Named tensors that live side by side in one buffer, so that an optimizer updates all of them in one dispatch.
 * The gaps that alignment leaves between them stay zero.
 */
export class Parameters {
  /** All of them, gaps included, as one tensor. */
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
   * Uploads values, row-major, one array for each name; zeros without any.
   * @param target laid out as the parameters: themselves unless given, or an optimizer's moments.
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

  /** A number for each of the named tensors, spread over its elements: such as {@link sgd} takes its sizes. */
  spread(tape: Tape, numberOf: (name: string) => number): Tensor {
    const all = new Float32Array(this.whole.size);
    for (const [name, { start, size }] of this.views) all.fill(numberOf(name), start, start + size);
    return tape.constant(all, "sizes");
  }

  /** Reads all values back. */
  async read(): Promise<Map<string, Float32Array>> {
    return this.split(await this.engine.read(this.whole));
  }

  /** Cuts values laid out as {@link whole} (a gradient, say) into named arrays. */
  split(all: Float32Array): Map<string, Float32Array> {
    return new Map(
      [...this.views].map(([name, view]) => [name, all.slice(view.start, view.start + view.size)]),
    );
  }
}

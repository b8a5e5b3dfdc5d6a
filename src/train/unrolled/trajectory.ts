import type { StepCounter } from "../../engine/counter.js";
import type { Engine } from "../../engine/engine.js";
import { recall, record } from "../../engine/ops/record.js";
import type { Tape } from "../../engine/tape.js";
import type { Tensor } from "../../engine/tensor.js";
import type { Discriminator } from "../../model/discriminator.js";
import type { Generator } from "../../model/generator.js";

/** What is kept of an inner step for its way back. */
const PARTS = ["generator", "discriminator", "beforeGenerator", "beforeDiscriminator"] as const;

type Part = (typeof PARTS)[number];

/**
 * The states that an inner loop has gone through: the weights of both networks before each step, and the power iterations'
 * vectors before either turn.
 */
export class Trajectory {
  private readonly histories: Readonly<Record<Part, Tensor>>;
  private readonly sources: Readonly<Record<Part, Tensor>>;

  constructor(
    engine: Engine,
    generator: Generator,
    discriminator: Discriminator,
    private readonly counter: StepCounter,
    steps: number,
  ) {
    const { whole: vectors } = discriminator.vectors;
    this.sources = {
      generator: generator.parameters.whole,
      discriminator: discriminator.parameters.whole,
      beforeGenerator: vectors,
      beforeDiscriminator: vectors,
    };
    const history = (part: Part): Tensor =>
      engine.tensor([steps, this.sources[part].size], { label: `trajectory: ${part}` });
    this.histories = {
      generator: history("generator"),
      discriminator: history("discriminator"),
      beforeGenerator: history("beforeGenerator"),
      beforeDiscriminator: history("beforeDiscriminator"),
    };
  }

  /** Keeps what there is now, as of this step. */
  keep(tape: Tape, part: Part): void {
    record(tape, this.sources[part], this.counter, this.histories[part]);
  }

  /** Brings back what this step found. */
  restore(tape: Tape, part: Part): void {
    recall(tape, this.histories[part], this.counter, this.sources[part]);
  }
}

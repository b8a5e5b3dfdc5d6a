import type { Engine } from "../../engine/device/engine.js";
import { freeOnFailure } from "../../engine/disposal.js";
import { adam } from "../../engine/optimizers/adam.js";
import { Parameters } from "../../engine/optimizers/parameters.js";
import { advance } from "../../engine/recording/history.js";
import type { Program } from "../../engine/recording/program.js";
import { StepCounter } from "../../engine/recording/step-counter.js";
import { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import type { GanWeights } from "../../model/gan/gan-weights.js";
import { DISCRIMINATOR_PARAMETERS, GENERATOR_PARAMETERS } from "../../weights/layouts/gan-layout.js";
import { readTrained, type TrainedParameters, writeTrained } from "../trained-parameters.js";
import type { TrainingState } from "../trainer.js";
import type { LearnedNetworks } from "./gan-settings.js";

const NETWORKS = ["generator", "discriminator"] as const;

/** One thing for each of the two networks. */
export interface ForBoth<Thing> {
  readonly generator: Thing;
  readonly discriminator: Thing;
}

/** How an initialization is learned. */
export interface LearningOptions {
  readonly learn: LearnedNetworks;
  /** Adam's learning rate: one for all outer steps, or that of each. */
  readonly rate: number | ((step: number) => number);
  /** The most outer steps that Adam can take. */
  readonly steps: number;
}

/**
 * The initialization that outer steps learn: the weights of both networks, their outer gradients, and Adam.
 */
export class LearnedInitialization {
  private constructor(
    private readonly engine: Engine,
    private readonly trained: ForBoth<TrainedParameters>,
    /** Sums of gradients, laid out as the parameters. */
    readonly outer: ForBoth<Tensor>,
    private readonly vectors: Parameters,
    private readonly counter: StepCounter,
    private readonly program: Program,
  ) {}

  /**
   * @param vectors of the power iterations, which belong to an initialization but are not learned by
   * gradients.
   */
  static record(
    engine: Engine,
    vectors: Parameters,
    { steps, rate, learn }: LearningOptions,
  ): Promise<LearnedInitialization> {
    return freeOnFailure(async (own) => {
      const counter = own(new StepCounter(engine));
      const tape = own(new Tape(engine));
      const record = (
        network: keyof ForBoth<Tensor>,
        parameters: Parameters,
      ): [TrainedParameters, Tensor] => {
        const outer = tape.tensor(parameters.whole.shape, `${network}'s outer gradient`);
        const options = { rate: learn === "both" || learn === network ? rate : 0 };
        const moments = adam(tape, parameters, outer, counter, steps, options);
        return [{ parameters, moments }, outer];
      };
      const [generator, generatorOuter] = record(
        "generator",
        own(new Parameters(engine, GENERATOR_PARAMETERS, "generator's initialization")),
      );
      const [discriminator, discriminatorOuter] = record(
        "discriminator",
        own(new Parameters(engine, DISCRIMINATOR_PARAMETERS, "discriminator's initialization")),
      );
      advance(tape, counter);
      const program = await tape.finish();
      const outer = { generator: generatorOuter, discriminator: discriminatorOuter };
      return new LearnedInitialization(
        engine,
        { generator, discriminator },
        outer,
        vectors,
        counter,
        program,
      );
    });
  }

  /** The weights of both networks. */
  get parameters(): ForBoth<Parameters> {
    const { generator, discriminator } = this.trained;
    return { generator: generator.parameters, discriminator: discriminator.parameters };
  }

  /**
   * Sets the weights and the power-iteration vectors, and Adam's state: new, or that after some outer steps.
   */
  load(weights: GanWeights, after?: Pick<TrainingState, "step" | "moments">): void {
    this.vectors.write(weights);
    writeTrained(Object.values(this.trained), weights, after?.moments);
    this.counter.reset(0, after?.step);
  }

  /** Reads back the weights with the power-iteration vectors, and Adam's moments. */
  async read(): Promise<Omit<TrainingState, "step">> {
    const { weights, moments } = await readTrained(this.engine, Object.values(this.trained));
    return { weights: new Map([...weights, ...(await this.vectors.read())]), moments };
  }

  /** Sets the outer gradients to zero. */
  clear(): void {
    for (const network of NETWORKS) this.engine.clear(this.outer[network]);
  }

  /** Has both networks begin with the initialization. */
  copyTo(networks: ForBoth<{ readonly parameters: Parameters }>): void {
    for (const network of NETWORKS) {
      this.engine.copy(this.trained[network].parameters.whole, networks[network].parameters.whole);
    }
  }

  /** Submits Adam's step along the outer gradients. */
  update(): void {
    this.program.run();
  }

  dispose(): void {
    this.program.dispose();
    this.counter.dispose();
    for (const { parameters } of Object.values(this.trained)) parameters.dispose();
  }
}

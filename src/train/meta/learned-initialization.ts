import type { Engine } from "../../engine/engine.js";
import { type AdamState, adam } from "../../engine/optimizers/adam.js";
import { advance } from "../../engine/recording/history.js";
import type { Program } from "../../engine/recording/program.js";
import { StepCounter } from "../../engine/recording/step-counter.js";
import { Tape } from "../../engine/recording/tape.js";
import { Parameters } from "../../engine/tensors/parameters.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import type { GanWeights } from "../../model/gan/gan-weights.js";
import { DISCRIMINATOR_PARAMETERS, GENERATOR_PARAMETERS } from "../../weights/layouts/gan-layout.js";
import type { MetaTrainingConfig } from "./meta-training-config.js";

const NETWORKS = ["generator", "discriminator"] as const;

/** One thing for each of the two networks. */
export interface ForBoth<Thing> {
  readonly generator: Thing;
  readonly discriminator: Thing;
}

/** Adam's running moments, by the names of the parameters. */
export interface Moments {
  readonly first: ReadonlyMap<string, Float32Array>;
  readonly second: ReadonlyMap<string, Float32Array>;
}

/** How a start is learned. */
export interface LearningOptions extends Pick<MetaTrainingConfig, "learn"> {
  /** Adam's learning rate, the same for all outer steps or that of each. */
  readonly rate: number | ((step: number) => number);
  /** How many outer steps Adam may take. */
  readonly steps: number;
}

/** The start that outer steps learn: the weights of both networks, their outer gradients, and Adam. */
export class LearnedInitialization {
  private constructor(
    private readonly engine: Engine,
    readonly parameters: ForBoth<Parameters>,
    /** Sums of gradients, laid out as the parameters. */
    readonly outer: ForBoth<Tensor>,
    private readonly vectors: Parameters,
    private readonly counter: StepCounter,
    private readonly adamState: ForBoth<AdamState>,
    private readonly program: Program,
  ) {}

  /** @param vectors the power iterations', which belong to a start but are not learned by gradients. */
  static async record(
    engine: Engine,
    vectors: Parameters,
    { steps, rate, learn }: LearningOptions,
  ): Promise<LearnedInitialization> {
    const parameters = {
      generator: new Parameters(engine, GENERATOR_PARAMETERS, "generator's start"),
      discriminator: new Parameters(engine, DISCRIMINATOR_PARAMETERS, "discriminator's start"),
    };
    const gradient = (network: keyof ForBoth<Tensor>): Tensor =>
      engine.tensor(parameters[network].whole.shape, { label: `${network}'s outer gradient` });
    const outer = { generator: gradient("generator"), discriminator: gradient("discriminator") };
    const counter = new StepCounter(engine);
    const tape = new Tape(engine);
    const learned = (network: keyof ForBoth<Tensor>): AdamState =>
      adam(tape, parameters[network], outer[network], counter, steps, {
        rate: learn === "both" || learn === network ? rate : 0,
      });
    const adamState = { generator: learned("generator"), discriminator: learned("discriminator") };
    advance(tape, counter);
    const program = await tape.finish();
    return new LearnedInitialization(engine, parameters, outer, vectors, counter, adamState, program);
  }

  /** Sets the start and the power-iteration vectors, and Adam's state: new, or that after some outer steps. */
  load(weights: GanWeights, after?: { readonly step: number; readonly moments: Moments }): void {
    this.vectors.write(weights);
    for (const network of NETWORKS) {
      const { first, second } = this.adamState[network];
      this.parameters[network].write(weights);
      this.parameters[network].write(after?.moments.first, first);
      this.parameters[network].write(after?.moments.second, second);
    }
    this.counter.reset(0, after?.step);
  }

  /** Reads back the start and the power-iteration vectors. */
  async weights(): Promise<GanWeights> {
    const { generator, discriminator } = this.parameters;
    const parts = await Promise.all([generator, discriminator, this.vectors].map((p) => p.read()));
    return new Map(parts.flatMap((part) => [...part]));
  }

  /** Reads back Adam's moments. */
  async moments(): Promise<Moments> {
    const read = async (which: keyof AdamState): Promise<Map<string, Float32Array>> => {
      const parts = await Promise.all(
        NETWORKS.map(async (network) =>
          this.parameters[network].split(await this.engine.read(this.adamState[network][which])),
        ),
      );
      return new Map(parts.flatMap((part) => [...part]));
    };
    return { first: await read("first"), second: await read("second") };
  }

  /** Sets the outer gradients to zero. */
  clear(): void {
    for (const network of NETWORKS) this.engine.clear(this.outer[network]);
  }

  /** Has both networks begin where the start is. */
  copyTo(networks: ForBoth<{ readonly parameters: Parameters }>): void {
    for (const network of NETWORKS) {
      this.engine.copy(this.parameters[network].whole, networks[network].parameters.whole);
    }
  }

  /** Submits Adam's step along the outer gradients. */
  update(): void {
    this.program.run();
  }
}

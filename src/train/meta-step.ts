import { StepCounter } from "../engine/counter.js";
import type { Engine } from "../engine/engine.js";
import { crop } from "../engine/ops/crop.js";
import { advance } from "../engine/ops/record.js";
import { type AdamState, adam } from "../engine/optimisers/adam.js";
import { Parameters } from "../engine/parameters.js";
import type { Program } from "../engine/program.js";
import { Tape } from "../engine/tape.js";
import { ALIGNED_ELEMENTS, type Tensor } from "../engine/tensor.js";
import { Discriminator } from "../model/discriminator.js";
import { DISCRIMINATOR_PARAMETERS, GENERATOR_PARAMETERS } from "../model/gan-layout.js";
import type { GanWeights } from "../model/gan-weights.js";
import { Generator } from "../model/generator.js";
import type { RgbImage } from "../model/image.js";
import { FAKE_SIZE, recordGanStep, SUM_TO_ONE_WEIGHT } from "./gan-step.js";
import {
  CROP_SIZE,
  DAD_SIZE,
  fakeWindow,
  recordEvaluation,
  SON_SIZE,
  type TaskTensors,
} from "./meta-evaluation.js";
import { META_TRAINING, type MetaTrainingConfig } from "./training-config.js";

const GENERATOR_RATE = 0.01;
const DISCRIMINATOR_RATE = 0.2;
/** A sharp 192×192 image, of which the GPU makes the dad, blurred with the kernel and halved, and of that the son. */
export interface SharpImage {
  readonly image: RgbImage;
}

/** Images that were degraded before. */
export interface DegradedImages {
  /** 96×96, blurred with the kernel and downscaled. */
  readonly dad: RgbImage;
  /** 48×48: the dad blurred and downscaled once more with the same kernel. */
  readonly son: RgbImage;
}

/** What to learn from in one inner loop: an image whose blur is known. */
export interface MetaTask<Images = SharpImage | DegradedImages> {
  readonly images: Images;
  /** The 11×11 kernel, row by row. */
  readonly kernel: ArrayLike<number>;
  /** [inner steps, 2]: top and left of each step's window in the son; the real patch is at twice that in the dad. */
  readonly windows: ArrayLike<number>;
  /** [evaluations, 2]: the same for the evaluations, whose real patch is in the son. */
  readonly evaluationWindows: ArrayLike<number>;
}

/** Adam's running moments, by the names of the parameters. */
export interface Moments {
  readonly first: ReadonlyMap<string, Float32Array>;
  readonly second: ReadonlyMap<string, Float32Array>;
}

const NETWORKS = ["generator", "discriminator"] as const;

/** Options of {@link MetaStep.record}. */
export interface MetaOptions extends Partial<Omit<MetaTrainingConfig, "seed" | "tasksPerStep">> {
  /** Whether the discriminator's inputs get noise. */
  readonly noise?: boolean;
  /** How many outer steps Adam may take. */
  readonly steps: number;
}

/** The meta-losses of one evaluation. */
export interface MetaLosses {
  readonly adversarial: number;
  readonly sumToOne: number;
  readonly kernelPixels: number;
  readonly discriminator: number;
}

/**
 * One outer step of meta-training (MetaKernelGAN, Algorithm 1), first-order: the inner loop adapts copies of both
 * networks to a task; after some of its steps the meta-losses are evaluated at the adapted weights; the weighted sum of
 * their gradients, over all evaluations and tasks, is the outer gradient, which Adam applies to the start.
 */
export class MetaStep {
  /** The start that is being learned. */
  readonly start: { readonly generator: Parameters; readonly discriminator: Parameters };
  /** The outer gradients of the last step, laid out as the start. */
  readonly outer: { readonly generator: Tensor; readonly discriminator: Tensor };

  private constructor(
    private readonly engine: Engine,
    readonly generator: Generator,
    readonly discriminator: Discriminator,
    private readonly image: Tensor,
    private readonly inputs: TaskTensors,
    private readonly counters: {
      readonly inner: StepCounter;
      readonly evaluation: StepCounter;
      readonly outer: StepCounter;
    },
    private readonly evaluations: readonly number[],
    private readonly factors: Tensor,
    private readonly lossHistory: Tensor,
    private readonly programs: {
      readonly degrade: Program;
      readonly begin: Program;
      readonly inner: Program;
      readonly evaluate: Program;
      readonly update: Program;
    },
    start: MetaStep["start"],
    outer: MetaStep["outer"],
    /** Adam's moments, laid out as the start. */
    readonly adamState: { readonly generator: AdamState; readonly discriminator: AdamState },
  ) {
    this.start = start;
    this.outer = outer;
  }

  /** Records the inner step, the evaluation and the update. */
  static async record(engine: Engine, options: MetaOptions): Promise<MetaStep> {
    const { evaluations, steps, rate, learn, kernelPixels, noise } = {
      ...META_TRAINING,
      noise: true,
      ...options,
    };
    // Without an inner loop (DSKernelGAN) its program is never run, but wants tensors that are not empty.
    const innerSteps = Math.max(1, evaluations.at(-1) as number);
    const generator = new Generator(engine);
    const discriminator = new Discriminator(engine);
    const start = {
      generator: new Parameters(engine, GENERATOR_PARAMETERS, "generator's start"),
      discriminator: new Parameters(engine, DISCRIMINATOR_PARAMETERS, "discriminator's start"),
    };
    const outer = {
      generator: engine.tensor(start.generator.whole.shape, { label: "generator's outer gradient" }),
      discriminator: engine.tensor(start.discriminator.whole.shape, {
        label: "discriminator's outer gradient",
      }),
    };
    const counters = {
      inner: new StepCounter(engine),
      evaluation: new StepCounter(engine),
      outer: new StepCounter(engine),
    };
    const inputs: TaskTensors = {
      dad: engine.tensor([3, DAD_SIZE, DAD_SIZE], { label: "dad" }),
      son: engine.tensor([3, SON_SIZE, SON_SIZE], { label: "son" }),
      kernel: engine.tensor(generator.chain.output.shape, { label: "true kernel" }),
      windows: engine.tensor([innerSteps, 2], { dtype: "u32", label: "windows" }),
      evaluationWindows: engine.tensor([evaluations.length, 2], {
        dtype: "u32",
        label: "evaluation windows",
      }),
    };
    const factors = engine.tensor([evaluations.length], { label: "evaluation weights" });
    const lossHistory = engine.tensor([evaluations.length, 4 * ALIGNED_ELEMENTS], { label: "meta-losses" });

    const image = engine.tensor([3, CROP_SIZE, CROP_SIZE], { label: "sharp image" });
    const beginTape = new Tape(engine);
    generator.chain.refresh(beginTape);

    // A generator is what blurs and halves, circular at the borders (Eq. 1): here with the true kernel.
    const degradeTape = new Tape(engine);
    generator.downscale(degradeTape, image, inputs.kernel, inputs.dad);
    generator.downscale(degradeTape, inputs.dad, inputs.kernel, inputs.son);

    const innerTape = new Tape(engine);
    const rates = (rate: number): Tensor =>
      innerTape.constant(new Float32Array(innerSteps).fill(rate), "rates");
    const window = { offsets: inputs.windows, counter: counters.inner, size: FAKE_SIZE };
    recordGanStep(
      innerTape,
      {
        generator,
        discriminator,
        counter: counters.inner,
        noise,
        fake: fakeWindow(innerTape, generator, inputs.dad, window),
        real: (out) => crop(innerTape, inputs.dad, { ...window, scale: 2, out }),
      },
      { generator: rates(GENERATOR_RATE), discriminator: rates(DISCRIMINATOR_RATE) },
    );
    advance(innerTape, counters.inner);

    const evaluateTape = recordEvaluation(engine, {
      generator,
      discriminator,
      inputs,
      counter: counters.evaluation,
      noise,
      kernelPixels,
      factors,
      outer,
      lossHistory,
    });

    const updateTape = new Tape(engine);
    const learned = (network: "generator" | "discriminator"): AdamState =>
      adam(updateTape, start[network], outer[network], counters.outer, steps, {
        rate: learn === "both" || learn === network ? rate : 0,
      });
    const adamState = { generator: learned("generator"), discriminator: learned("discriminator") };
    advance(updateTape, counters.outer);

    const [degrade, begin, inner, evaluate, update] = (await Promise.all(
      [degradeTape, beginTape, innerTape, evaluateTape, updateTape].map((tape) => tape.finish()),
    )) as [Program, Program, Program, Program, Program];
    return new MetaStep(
      engine,
      generator,
      discriminator,
      image,
      inputs,
      counters,
      evaluations,
      factors,
      lossHistory,
      { degrade, begin, inner, evaluate, update },
      start,
      outer,
      adamState,
    );
  }

  /** Sets the start and the power-iteration vectors, and Adam's state: new, or that after some outer steps. */
  load(weights: GanWeights, after?: { readonly step: number; readonly moments: Moments }): void {
    this.discriminator.vectors.write(weights);
    for (const network of NETWORKS) {
      const { first, second } = this.adamState[network];
      this.start[network].write(weights);
      this.start[network].write(after?.moments.first, first);
      this.start[network].write(after?.moments.second, second);
    }
    this.counters.outer.reset(0, after?.step);
  }

  /** Reads back the start and the power-iteration vectors. */
  async weights(): Promise<GanWeights> {
    const { generator, discriminator } = this.start;
    const parts = await Promise.all(
      [generator, discriminator, this.discriminator.vectors].map((p) => p.read()),
    );
    return new Map(parts.flatMap((part) => [...part]));
  }

  /** Reads back Adam's moments. */
  async moments(): Promise<Moments> {
    const read = async (which: keyof AdamState): Promise<Map<string, Float32Array>> => {
      const parts = await Promise.all(
        NETWORKS.map(async (network) =>
          this.start[network].split(await this.engine.read(this.adamState[network][which])),
        ),
      );
      return new Map(parts.flatMap((part) => [...part]));
    };
    return { first: await read("first"), second: await read("second") };
  }

  /**
   * Submits one outer step; does not wait for it.
   * @param weights of the evaluations.
   * @param seed fixes the noise.
   */
  run(tasks: readonly MetaTask[], weights: readonly number[], seed: number): void {
    const { engine, inputs, counters, programs } = this;
    engine.clear(this.outer.generator);
    engine.clear(this.outer.discriminator);
    engine.write(
      this.factors,
      Float32Array.from(weights, (weight) => weight / tasks.length),
    );
    tasks.forEach((task, index) => {
      engine.write(inputs.kernel, Float32Array.from(task.kernel));
      this.provide(task.images);
      engine.write(inputs.windows, Uint32Array.from(task.windows));
      engine.write(inputs.evaluationWindows, Uint32Array.from(task.evaluationWindows));
      counters.inner.reset(seed + index);
      counters.evaluation.reset(seed + index);
      engine.copy(this.start.generator.whole, this.generator.parameters.whole);
      engine.copy(this.start.discriminator.whole, this.discriminator.parameters.whole);
      programs.begin.run();
      let done = 0;
      for (const step of this.evaluations) {
        programs.inner.run(step - done);
        programs.evaluate.run();
        done = step;
      }
    });
    programs.update.run();
  }

  private provide(images: SharpImage | DegradedImages): void {
    const { engine, inputs } = this;
    if ("image" in images) {
      engine.write(this.image, images.image.data);
      this.programs.degrade.run();
    } else {
      engine.write(inputs.dad, images.dad.data);
      engine.write(inputs.son, images.son.data);
    }
  }

  /** Reads back the meta-losses of the last task's evaluations. */
  async losses(): Promise<MetaLosses[]> {
    const history = await this.engine.read(this.lossHistory);
    return this.evaluations.map((_, evaluation) => {
      const at = (i: number): number => history[(4 * evaluation + i) * ALIGNED_ELEMENTS] as number;
      return {
        adversarial: at(0),
        sumToOne: SUM_TO_ONE_WEIGHT * at(1),
        kernelPixels: at(2),
        discriminator: at(3),
      };
    });
  }

  /** Multiply-adds of one outer step on one task. */
  get multiplyAdds(): number {
    const { inner, evaluate } = this.programs;
    return (
      (this.evaluations.at(-1) as number) * inner.multiplyAdds +
      this.evaluations.length * evaluate.multiplyAdds
    );
  }
}

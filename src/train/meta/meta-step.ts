import type { Engine } from "../../engine/engine.js";
import { crop } from "../../engine/ops/rearrange/crop.js";
import { advance } from "../../engine/recording/history.js";
import type { Program } from "../../engine/recording/program.js";
import { StepCounter } from "../../engine/recording/step-counter.js";
import { Tape } from "../../engine/recording/tape.js";
import { ALIGNED_ELEMENTS, type Tensor } from "../../engine/tensors/tensor.js";
import { FAKE_SIZE, recordGanStep, SUM_TO_ONE_WEIGHT } from "../../estimate/adaptation/gan-step.js";
import { INNER_LOOPS, recordRates } from "../../estimate/metakernelgan/inner-loop.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { Discriminator } from "../../model/gan/discriminator.js";
import { Generator } from "../../model/gan/generator.js";
import { type ForBoth, LearnedInitialization } from "./learned-initialization.js";
import {
  CHILD_SIZE,
  CROP_SIZE,
  fakeWindow,
  PARENT_SIZE,
  recordEvaluation,
  type TaskTensors,
} from "./meta-losses.js";
import { META_TRAINING, type MetaTrainingConfig } from "./meta-training-config.js";
import type { MetaLosses, OuterStep } from "./outer-step.js";

/** A sharp 192×192 image, of which the GPU makes the parent, blurred with the kernel and halved, and of that the child. */
export interface SharpImage {
  readonly image: RgbImage;
}

/** Images that were degraded before. */
export interface DegradedImages {
  /** 96×96, blurred with the kernel and downscaled. */
  readonly parent: RgbImage;
  /** 48×48: the parent blurred and downscaled once more with the same kernel. */
  readonly child: RgbImage;
}

/** What to learn from in one inner loop: an image whose blur is known. */
export interface MetaTask<Images = SharpImage | DegradedImages> {
  readonly images: Images;
  /** The 11×11 kernel, row by row. */
  readonly kernel: ArrayLike<number>;
  /** [inner steps, 2]: top and left of each step's window in the child; the real patch is at twice that in the parent. */
  readonly windows: ArrayLike<number>;
  /** [evaluations, 2]: the same for the evaluations, whose real patch is in the child. */
  readonly evaluationWindows: ArrayLike<number>;
}

/** Options of {@link MetaStep.record}. */
export interface MetaOptions extends Partial<Omit<MetaTrainingConfig, "seed" | "tasksPerStep">> {
  /** Whether the discriminator's inputs get noise. */
  readonly noise?: boolean;
  /** How many outer steps Adam may take. */
  readonly steps: number;
}

/**
 * One outer step of meta-training (MetaKernelGAN, Algorithm 1), first-order: the inner loop adapts copies of both
 * networks to a task; after some of its steps the meta-losses are evaluated at the adapted weights; the weighted sum of
 * their gradients, over all evaluations and tasks, is the outer gradient, which Adam applies to the start.
 */
export class MetaStep implements OuterStep {
  private constructor(
    private readonly engine: Engine,
    private readonly networks: ForBoth<Generator | Discriminator>,
    readonly start: LearnedInitialization,
    private readonly image: Tensor,
    private readonly inputs: TaskTensors,
    private readonly counters: {
      readonly inner: StepCounter;
      readonly evaluation: StepCounter;
    },
    private readonly evaluations: readonly number[],
    private readonly factors: Tensor,
    private readonly lossHistory: Tensor,
    private readonly programs: {
      readonly degrade: Program;
      readonly begin: Program;
      readonly inner: Program;
      readonly evaluate: Program;
    },
  ) {}

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
    const start = await LearnedInitialization.record(engine, discriminator.vectors, { steps, rate, learn });
    const counters = {
      inner: new StepCounter(engine),
      evaluation: new StepCounter(engine),
    };
    const inputs: TaskTensors = {
      parent: engine.tensor([3, PARENT_SIZE, PARENT_SIZE], { label: "parent" }),
      child: engine.tensor([3, CHILD_SIZE, CHILD_SIZE], { label: "child" }),
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
    generator.downscale(degradeTape, image, inputs.kernel, inputs.parent);
    generator.downscale(degradeTape, inputs.parent, inputs.kernel, inputs.child);

    const innerTape = new Tape(engine);
    const window = { offsets: inputs.windows, counter: counters.inner, size: FAKE_SIZE };
    recordGanStep(
      innerTape,
      {
        generator,
        discriminator,
        counter: counters.inner,
        noise,
        fake: fakeWindow(innerTape, generator, inputs.parent, window),
        real: (out) => crop(innerTape, inputs.parent, { ...window, scale: 2, out }),
      },
      recordRates(innerTape, { discriminator }, INNER_LOOPS.paper, innerSteps),
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
      outer: start.outer,
      lossHistory,
    });

    const [degrade, begin, inner, evaluate] = (await Promise.all(
      [degradeTape, beginTape, innerTape, evaluateTape].map((tape) => tape.finish()),
    )) as [Program, Program, Program, Program];
    return new MetaStep(
      engine,
      { generator, discriminator },
      start,
      image,
      inputs,
      counters,
      evaluations,
      factors,
      lossHistory,
      { degrade, begin, inner, evaluate },
    );
  }

  /**
   * Submits one outer step; does not wait for it.
   * @param weights of the evaluations.
   * @param seed fixes the noise.
   */
  run(tasks: readonly MetaTask[], weights: readonly number[], seed: number): void {
    const { engine, inputs, counters, programs } = this;
    this.start.clear();
    engine.write(
      this.factors,
      Float32Array.from(weights, (weight) => weight / tasks.length),
    );
    tasks.forEach((task, index) => {
      engine.write(inputs.kernel, Float32Array.from(task.kernel));
      this.provide(task.images);
      // Without an inner loop there are none.
      if (task.windows.length > 0) engine.write(inputs.windows, Uint32Array.from(task.windows));
      engine.write(inputs.evaluationWindows, Uint32Array.from(task.evaluationWindows));
      counters.inner.reset(seed + index);
      counters.evaluation.reset(seed + index);
      this.start.copyTo(this.networks);
      programs.begin.run();
      let done = 0;
      for (const step of this.evaluations) {
        programs.inner.run(step - done);
        programs.evaluate.run();
        done = step;
      }
    });
    this.start.update();
  }

  private provide(images: SharpImage | DegradedImages): void {
    const { engine, inputs } = this;
    if ("image" in images) {
      engine.write(this.image, images.image.data);
      this.programs.degrade.run();
    } else {
      engine.write(inputs.parent, images.parent.data);
      engine.write(inputs.child, images.child.data);
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

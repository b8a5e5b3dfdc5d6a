import type { Engine } from "../../engine/device/engine.js";
import { freeOnFailure } from "../../engine/disposal.js";
import { crop } from "../../engine/ops/rearrange/crop.js";
import { advance } from "../../engine/recording/history.js";
import type { Program } from "../../engine/recording/program.js";
import { StepCounter } from "../../engine/recording/step-counter.js";
import { Tape } from "../../engine/recording/tape.js";
import { ALIGNED_ELEMENTS, type Tensor } from "../../engine/tensors/tensor.js";
import { FAKE_SIZE, recordGanStep, SUM_TO_ONE_WEIGHT } from "../../estimate/adaptation/gan-step.js";
import { INNER_LOOPS, type InnerLoop, recordRates } from "../../estimate/metakernelgan/inner-loop.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { Discriminator } from "../../model/gan/discriminator.js";
import { Generator } from "../../model/gan/generator.js";
import { GAN_DEFAULTS } from "../outer-step/gan-settings.js";
import {
  type ForBoth,
  LearnedInitialization,
  type LearningOptions,
} from "../outer-step/learned-initialization.js";
import type { MetaLosses, OuterStep } from "../outer-step/outer-step.js";
import { CROP_SIZE } from "../training-image.js";
import { CHILD_SIZE, fakeWindow, PARENT_SIZE, recordEvaluation, type TaskTensors } from "./meta-losses.js";

/**
 * A sharp 192×192 image. The GPU blurs it with the kernel and halves it to the parent, and the parent to the
 * child.
 */
export interface SharpImage {
  readonly image: RgbImage;
}

/** Images that are degraded already. */
export interface DegradedImages {
  /** 96×96, blurred with the kernel and downscaled. */
  readonly parent: RgbImage;
  /** 48×48: the parent blurred and downscaled once more with the same kernel. */
  readonly child: RgbImage;
}

/** What one inner loop learns from: an image with a known blur. */
export interface MetaTask<Images = SharpImage | DegradedImages> {
  readonly images: Images;
  /** The 11×11 kernel, row by row. */
  readonly kernel: ArrayLike<number>;
  /**
   * [inner steps, 2]: top and left of each step's window in the child; its real patch lies at twice that in
   * the parent.
   */
  readonly windows: ArrayLike<number>;
  /** [evaluations, 2]: the same for the evaluations, whose real patch lies in the child. */
  readonly evaluationWindows: ArrayLike<number>;
}

/** Options of {@link MetaStep.record}; by default the paper's. */
export interface MetaOptions extends Partial<LearningOptions> {
  /** The most outer steps that Adam can take. */
  readonly steps: number;
  /** Inner steps after which the meta-losses are evaluated; [0] without an inner loop. */
  readonly evaluations?: readonly number[];
  /** The rates of the inner loop; the paper's unless given. */
  readonly innerLoop?: InnerLoop;
  /** Whether the kernel-pixel loss is part of the generator's meta-loss (Eq. 6). */
  readonly kernelPixels?: boolean;
  /** Whether the discriminator's inputs get noise. */
  readonly noise?: boolean;
}

/**
 * One outer step of meta-training (MetaKernelGAN, Algorithm 1), first-order: the inner loop adapts copies of
 * both networks to a task; after some of its steps the meta-losses are evaluated at the adapted weights; the
 * weighted sum of their gradients, over all evaluations and tasks, is the outer gradient, which Adam applies
 * to the initialization.
 */
export class MetaStep implements OuterStep {
  private constructor(
    private readonly engine: Engine,
    private readonly networks: ForBoth<Generator | Discriminator>,
    readonly initialization: LearnedInitialization,
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
  static record(engine: Engine, options: MetaOptions): Promise<MetaStep> {
    return freeOnFailure(async (own) => {
      const {
        steps,
        evaluations = GAN_DEFAULTS.evaluations,
        rate = GAN_DEFAULTS.rate,
        learn = GAN_DEFAULTS.learn,
        innerLoop = INNER_LOOPS.paper,
        kernelPixels = true,
        noise = true,
      } = options;
      // Without an inner loop (DSKernelGAN) its program is never run, but needs tensors that are not empty.
      const innerSteps = Math.max(1, evaluations.at(-1) as number);
      const generator = own(new Generator(engine));
      const discriminator = own(new Discriminator(engine));
      const initialization = own(
        await LearnedInitialization.record(engine, discriminator.vectors, { steps, rate, learn }),
      );
      const counters = {
        inner: own(new StepCounter(engine)),
        evaluation: own(new StepCounter(engine)),
      };
      // It owns what all programs share.
      const beginTape = own(new Tape(engine));
      const inputs: TaskTensors = {
        parent: beginTape.tensor([3, PARENT_SIZE, PARENT_SIZE], "parent"),
        child: beginTape.tensor([3, CHILD_SIZE, CHILD_SIZE], "child"),
        kernel: beginTape.tensor(generator.chain.output.shape, "true kernel"),
        windows: beginTape.tensor([innerSteps, 2], "windows", "u32"),
        evaluationWindows: beginTape.tensor([evaluations.length, 2], "evaluation windows", "u32"),
      };
      const factors = beginTape.tensor([evaluations.length], "evaluation weights");
      const lossHistory = beginTape.tensor([evaluations.length, 4 * ALIGNED_ELEMENTS], "meta-losses");
      const image = beginTape.tensor([3, CROP_SIZE, CROP_SIZE], "sharp image");
      generator.chain.refresh(beginTape);

      // A generator blurs and halves, circular at the borders (Eq. 1): here with the true kernel.
      const degradeTape = own(new Tape(engine));
      generator.downscale(degradeTape, image, inputs.kernel, inputs.parent);
      generator.downscale(degradeTape, inputs.parent, inputs.kernel, inputs.child);

      const innerTape = own(new Tape(engine));
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
        recordRates(innerTape, { discriminator }, innerLoop, innerSteps),
      );
      advance(innerTape, counters.inner);

      const evaluateTape = own(
        recordEvaluation(engine, {
          generator,
          discriminator,
          inputs,
          counter: counters.evaluation,
          noise,
          kernelPixels,
          factors,
          outer: initialization.outer,
          lossHistory,
        }),
      );

      const [degrade, begin, inner, evaluate] = (await Promise.all(
        [degradeTape, beginTape, innerTape, evaluateTape].map((tape) => tape.finish()),
      )) as [Program, Program, Program, Program];
      return new MetaStep(
        engine,
        { generator, discriminator },
        initialization,
        image,
        inputs,
        counters,
        evaluations,
        factors,
        lossHistory,
        { degrade, begin, inner, evaluate },
      );
    });
  }

  /**
   * Submits one outer step; does not wait for it.
   * @param weights of the evaluations.
   * @param seed fixes the noise.
   */
  run(tasks: readonly MetaTask[], weights: readonly number[], seed: number): void {
    const { engine, inputs, counters, programs } = this;
    this.initialization.clear();
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
      this.initialization.copyTo(this.networks);
      programs.begin.run();
      let done = 0;
      for (const step of this.evaluations) {
        programs.inner.run(step - done);
        programs.evaluate.run();
        done = step;
      }
    });
    this.initialization.update();
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

  dispose(): void {
    const owners = [this.programs, this.networks, this.counters].flatMap((each) => Object.values(each));
    for (const owner of [...owners, this.initialization]) owner.dispose();
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

import type { Engine } from "../../engine/engine.js";
import { axpy } from "../../engine/ops/linear-algebra/axpy.js";
import { crop } from "../../engine/ops/rearrange/crop.js";
import { advance, writeHistoryRow } from "../../engine/recording/history.js";
import type { Program } from "../../engine/recording/program.js";
import { StepCounter } from "../../engine/recording/step-counter.js";
import { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { FAKE_SIZE, noisy, recordPair } from "../../estimate/adaptation/gan-step.js";
import { PATCH_SIZE } from "../../estimate/adaptation/patch-source.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { MEAN_VARIANCE } from "../../kernel/families/kernel-distribution.js";
import { kernelCovariance } from "../../kernel/metrics/kernel-metrics.js";
import { Discriminator } from "../../model/gan/discriminator.js";
import { Generator } from "../../model/gan/generator.js";
import { pooledMseLoss } from "../../model/losses/pooled-mse.js";
import { type ForBoth, LearnedInitialization } from "../meta/learned-initialization.js";
import type { MetaTrainingConfig } from "../meta/meta-training-config.js";
import type { OuterStep } from "../meta/outer-step.js";
import { blurHead, READINGS } from "./blur-head.js";
import { type BlurTask, SHARP_SIZE } from "./blur-task.js";

/** What an error of a square pixel costs, squared: lean is the harder to see, and width would be learned at its expense. */
const WEIGHTS = [0.3, 1, 1];

/** Outer steps over which the rate rises; it then falls as a cosine does. */
const WARM_UP = 100;

const PAIR = 2;

/** What one step of {@link BlurStep} was off by, squared and in the mean: px⁴. */
export interface BlurErrors extends Record<string, number> {
  /** Of half the trace of the covariance. */
  readonly width: number;
  /** Of half the difference of the variances, and of the covariance of x and y. */
  readonly lean: number;
}

/**
 * One step of teaching the discriminator what blur looks like: of patches whose blur is known, some of them real, some of them made
 * by a generator of a known kernel, it is to read off the kernel's covariance, through a head that is fixed and then left behind.
 * An adaptation that starts from it compares real and fake patches by features that say how they are blurred, so
 * that the generator's kernel is drawn to where both are blurred alike. The generator's start stays as it is.
 */
export class BlurStep implements OuterStep {
  private constructor(
    private readonly engine: Engine,
    private readonly networks: ForBoth<Generator | Discriminator>,
    readonly start: LearnedInitialization,
    private readonly inputs: {
      readonly image: Tensor;
      readonly real: Tensor;
      readonly fake: Tensor;
      readonly targets: Tensor;
    },
    private readonly counter: StepCounter,
    private readonly history: Tensor,
    private readonly program: Program,
  ) {}

  /** Records a task's pair of patches, and the update. */
  static async record(
    engine: Engine,
    { steps, rate, tasksPerStep }: Pick<MetaTrainingConfig, "steps" | "rate" | "tasksPerStep">,
  ): Promise<BlurStep> {
    const generator = new Generator(engine);
    const discriminator = new Discriminator(engine);
    const start = await LearnedInitialization.record(engine, discriminator.vectors, {
      steps,
      learn: "discriminator",
      rate: (step) =>
        rate * Math.min(1, (step + 1) / WARM_UP) * 0.5 * (1 + Math.cos((Math.PI * step) / steps)),
    });
    const { shape } = generator.chain.output;
    const inputs = {
      image: engine.tensor([3, SHARP_SIZE, SHARP_SIZE], { label: "sharp image" }),
      real: engine.tensor(shape, { label: "kernel of the real patch" }),
      fake: engine.tensor(shape, { label: "kernel of the fake patch" }),
      targets: engine.tensor([PAIR, READINGS], { label: "true blurs" }),
    };
    const counter = new StepCounter(engine);
    const history = engine.tensor([tasksPerStep, PAIR * READINGS], { label: "squared errors" });

    const tape = new Tape(engine);
    const patch = generator
      .downscalePart(tape, inputs.image, inputs.real)
      .reshape([3, PATCH_SIZE, PATCH_SIZE]);
    const corner = { offsets: tape.constant(new Uint32Array(2 * tasksPerStep), "corners"), counter };
    const pair = recordPair(
      tape,
      (out) => crop(tape, patch, { ...corner, size: FAKE_SIZE, out }),
      (out) => generator.downscale(tape, patch, inputs.fake, out),
    );
    const maps = discriminator.read(tape, noisy(tape, pair, counter), blurHead(tape, PAIR));
    const weights = tape.constant(Float32Array.from(WEIGHTS), "weights");
    const { loss, errors } = pooledMseLoss(tape, maps, inputs.targets, weights);
    const { whole } = discriminator.parameters;
    tape.backward([{ loss, weight: 1 }], [whole]);
    const share = tape.constant(new Float32Array(tasksPerStep).fill(1 / tasksPerStep), "shares");
    axpy(tape, tape.gradient(whole), share, counter, start.outer.discriminator);
    writeHistoryRow(tape, errors, counter, history);
    advance(tape, counter);
    const program = await tape.finish();
    return new BlurStep(engine, { generator, discriminator }, start, inputs, counter, history, program);
  }

  /**
   * Submits one step; does not wait for it.
   * @param seed fixes the noise.
   */
  run(tasks: readonly BlurTask[], seed: number): void {
    const { engine, inputs } = this;
    this.start.clear();
    this.start.copyTo(this.networks);
    this.counter.reset(seed);
    for (const { image, real, fake } of tasks) {
      engine.write(inputs.image, image.data);
      engine.write(inputs.real, Float32Array.from(real.values));
      engine.write(inputs.fake, Float32Array.from(fake.values));
      engine.write(inputs.targets, Float32Array.from([...readingsOf(real), ...readingsOf(fake)]));
      this.program.run();
    }
    this.start.update();
  }

  /** Reads back what the last step was off by, in the mean over its tasks. */
  async losses(): Promise<BlurErrors[]> {
    const errors = await this.engine.read(this.history);
    const mean = (reading: number): number => {
      const of = errors.filter((_, i) => i % READINGS === reading);
      return of.reduce((sum, error) => sum + error) / of.length;
    };
    return [{ width: mean(0), lean: (mean(1) + mean(2)) / 2 }];
  }

  /** Multiply-adds of one step on one task. */
  get multiplyAdds(): number {
    return this.program.multiplyAdds;
  }
}

/** What the discriminator is to read off a patch that was blurred with this kernel: width, and lean both ways. */
function readingsOf(kernel: BlurKernel): readonly number[] {
  const { xx, xy, yy } = kernelCovariance(kernel);
  return [(xx + yy) / 2 - MEAN_VARIANCE, (xx - yy) / 2, xy];
}

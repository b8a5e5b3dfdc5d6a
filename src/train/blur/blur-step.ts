import type { Engine } from "../../engine/device/engine.js";
import { freeOnFailure } from "../../engine/disposal.js";
import { axpy } from "../../engine/ops/linear-algebra/axpy.js";
import { crop } from "../../engine/ops/rearrange/crop.js";
import { advance, writeHistoryRow } from "../../engine/recording/history.js";
import type { Program } from "../../engine/recording/program.js";
import { StepCounter } from "../../engine/recording/step-counter.js";
import { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { FAKE_SIZE, noisy, recordPair } from "../../estimate/adaptation/gan-step.js";
import { PATCH_SIZE } from "../../estimate/adaptation/patch-source.js";
import { mean } from "../../image/metrics/mean.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { MEAN_VARIANCE } from "../../kernel/families/kernel-distribution.js";
import { kernelCovariance } from "../../kernel/metrics/kernel-metrics.js";
import { Discriminator } from "../../model/gan/discriminator.js";
import { Generator } from "../../model/gan/generator.js";
import { pooledMseLoss } from "../../model/losses/pooled-mse.js";
import { type ForBoth, LearnedInitialization } from "../outer-step/learned-initialization.js";
import type { OuterStep } from "../outer-step/outer-step.js";
import { cosineDecay, warmUp } from "../schedule.js";
import type { Losses } from "../trainer.js";
import { blurHead, READINGS } from "./blur-head.js";
import { type BlurTask, SHARP_SIZE } from "./blur-task.js";

/**
 * Weights of the squared errors of the readings. Lean is harder to see, and width would be learned at its
 * expense.
 */
const WEIGHTS = [0.3, 1, 1];

/** Outer steps over which the rate rises to that of a cosine decay. */
const WARM_UP = 100;

/** Options of {@link BlurStep.record}. */
export interface BlurOptions {
  /** Outer steps of the whole training. */
  readonly steps: number;
  /** Adam's highest rate. */
  readonly rate: number;
  /** Tasks of a step. */
  readonly batch: number;
}

const PAIR = 2;

/** Mean squared errors of one {@link BlurStep}, in px⁴. */
export interface BlurErrors extends Losses {
  /** Of half the trace of the covariance. */
  readonly width: number;
  /** Of half the difference of the variances, and of the covariance of x and y. */
  readonly lean: number;
}

/**
 * One step that teaches the discriminator blur. It sees real patches with a known blur, and fake ones that a
 * generator made of them with a known kernel, and reads off the kernel's covariance through a fixed head that
 * is left out afterward. An adaptation from this discriminator compares real and fake patches by features of
 * their blur, which draws the generator's kernel to one that blurs both alike. The generator's initialization
 * stays as it is.
 */
export class BlurStep implements OuterStep {
  private constructor(
    private readonly engine: Engine,
    private readonly networks: ForBoth<Generator | Discriminator>,
    readonly initialization: LearnedInitialization,
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
  static record(engine: Engine, { steps, rate, batch }: BlurOptions): Promise<BlurStep> {
    return freeOnFailure(async (own) => {
      const generator = own(new Generator(engine));
      const discriminator = own(new Discriminator(engine));
      const initialization = own(
        await LearnedInitialization.record(engine, discriminator.vectors, {
          steps,
          learn: "discriminator",
          rate: (step) => rate * warmUp(step + 1, WARM_UP) * cosineDecay(step / steps),
        }),
      );
      const tape = own(new Tape(engine));
      const { shape } = generator.chain.output;
      const inputs = {
        image: tape.tensor([3, SHARP_SIZE, SHARP_SIZE], "sharp image"),
        real: tape.tensor(shape, "kernel of the real patch"),
        fake: tape.tensor(shape, "kernel of the fake patch"),
        targets: tape.tensor([PAIR, READINGS], "true blurs"),
      };
      const counter = own(new StepCounter(engine));
      const history = tape.tensor([batch, PAIR * READINGS], "squared errors");

      const patch = generator
        .downscalePart(tape, inputs.image, inputs.real)
        .reshape([3, PATCH_SIZE, PATCH_SIZE]);
      const corner = { offsets: tape.constant(new Uint32Array(2 * batch), "corners"), counter };
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
      const share = tape.constant(new Float32Array(batch).fill(1 / batch), "shares");
      axpy(tape, tape.gradient(whole), share, counter, initialization.outer.discriminator);
      writeHistoryRow(tape, errors, counter, history);
      advance(tape, counter);
      const program = await tape.finish();
      return new BlurStep(
        engine,
        { generator, discriminator },
        initialization,
        inputs,
        counter,
        history,
        program,
      );
    });
  }

  /**
   * Submits one step; does not wait for it.
   * @param seed fixes the noise.
   */
  run(tasks: readonly BlurTask[], seed: number): void {
    const { engine, inputs } = this;
    this.initialization.clear();
    this.initialization.copyTo(this.networks);
    this.counter.reset(seed);
    for (const { image, real, fake } of tasks) {
      engine.write(inputs.image, image.data);
      engine.write(inputs.real, Float32Array.from(real.values));
      engine.write(inputs.fake, Float32Array.from(fake.values));
      engine.write(inputs.targets, Float32Array.from([...readingsOf(real), ...readingsOf(fake)]));
      this.program.run();
    }
    this.initialization.update();
  }

  /** Reads back the errors of the last step, as means over its tasks. */
  async losses(): Promise<BlurErrors[]> {
    const errors = await this.engine.read(this.history);
    const average = (reading: number): number => mean(errors.filter((_, i) => i % READINGS === reading));
    return [{ width: average(0), lean: (average(1) + average(2)) / 2 }];
  }

  dispose(): void {
    const owners = [this.program, this.counter, this.initialization, ...Object.values(this.networks)];
    for (const owner of owners) owner.dispose();
  }

  /** Multiply-adds of one step on one task. */
  get multiplyAdds(): number {
    return this.program.multiplyAdds;
  }
}

/** The true readings of a patch that was blurred with this kernel: width, and lean both ways. */
function readingsOf(kernel: BlurKernel): readonly number[] {
  const { xx, xy, yy } = kernelCovariance(kernel);
  return [(xx + yy) / 2 - MEAN_VARIANCE, (xx - yy) / 2, xy];
}

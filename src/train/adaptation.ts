import { StepCounter } from "../engine/counter.js";
import type { Engine } from "../engine/engine.js";
import { NumericalError } from "../engine/errors.js";
import { crop } from "../engine/ops/crop.js";
import { advance, record } from "../engine/ops/record.js";
import type { Program } from "../engine/program.js";
import { Tape } from "../engine/tape.js";
import { ALIGNED_ELEMENTS, type Tensor } from "../engine/tensor.js";
import { Discriminator } from "../model/discriminator.js";
import type { GanWeights } from "../model/gan-weights.js";
import { Generator, KERNEL_EXTENT } from "../model/generator.js";
import type { RgbImage } from "../model/image.js";
import { FAKE_SIZE, LOSS_SLOTS, recordGanStep, SUM_TO_ONE_WEIGHT } from "./gan-step.js";
import { Pace } from "./pace.js";
import { uploadPatches } from "./patch-source.js";

/** Side length of the low-resolution patch that a step looks at; the generator halves it. */
export const PATCH_SIZE = 64;

const GENERATOR_RATE = 0.01;
const DISCRIMINATOR_RATE = 0.2;
/** The generator's rate falls to a tenth just before this step index. */
const RATE_DROP = 50;
/** Steps in one command buffer: enough that submitting costs nothing, few enough that a cancel takes effect soon. */
const STEPS_PER_SUBMIT = 5;

/** What one adaptation needs beside the weights. */
export interface AdaptationInput {
  readonly image: RgbImage;
  readonly steps: number;
  /** [steps or more, at least one; 2]: top and left of each step's 64×64 patch in the image. */
  readonly corners: ArrayLike<number>;
  /** Fixes the noise; 32 bits. */
  readonly seed: number;
  /** Whether the discriminator's inputs get noise; it does unless this is false. */
  readonly noise?: boolean;
}

/** Options of {@link Adaptation.run}. */
export interface RunOptions {
  /** Called as steps complete, with their number. */
  readonly onProgress?: (step: number) => void;
  /** Stops the run between two submissions; `run` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The losses of a step, before its updates; the first two are the terms of the generator's objective. */
export interface StepLosses {
  readonly adversarial: number;
  /** Weighted as in the objective. */
  readonly sumToOne: number;
  readonly discriminator: number;
}

/** What came out of an adaptation. */
export interface AdaptationResult {
  /** For 0, 1, …, steps: the 11×11 kernel after so many steps, row by row. */
  readonly kernels: readonly Float32Array[];
  readonly losses: readonly StepLosses[];
}

/**
 * MetaKernelGAN's adaptation to one image (section 3.3 of the paper), recorded as one GPU program that is replayed for
 * each step. In a step the generator learns to make downscaled patches that the discriminator takes for real ones, then
 * the discriminator learns to tell them apart.
 */
export class Adaptation {
  private constructor(
    private readonly engine: Engine,
    readonly generator: Generator,
    readonly discriminator: Discriminator,
    /** Brings the kernel up to date with the weights, once before the first step. */
    private readonly start: Program,
    /** One step. */
    readonly step: Program,
    private readonly counter: StepCounter,
    private readonly steps: number,
    private readonly seed: number,
    private readonly kernelHistory: Tensor,
    private readonly lossHistory: Tensor,
    private readonly inputs: readonly Tensor[],
  ) {}

  /** Uploads the image and records the step; compiles what the engine has not compiled yet. */
  static async record(engine: Engine, weights: GanWeights, input: AdaptationInput): Promise<Adaptation> {
    const { steps } = input;
    const rows = Math.max(1, steps);
    const generator = new Generator(engine);
    const discriminator = new Discriminator(engine);
    generator.parameters.write(weights);
    discriminator.parameters.write(weights);
    discriminator.vectors.write(weights);
    const { pixels, offsets } = uploadPatches(engine, input.image, input.corners, PATCH_SIZE);
    const counter = new StepCounter(engine);

    const startTape = new Tape(engine);
    generator.chain.refresh(startTape);

    const tape = new Tape(engine);
    const rates = (rate: (step: number) => number): Tensor =>
      tape.constant(
        Float32Array.from({ length: rows }, (_, step) => rate(step)),
        "rates",
      );
    const kernelHistory = tape.tensor([rows, KERNEL_EXTENT ** 2], "kernel history");
    const lossHistory = tape.tensor([rows, 3 * ALIGNED_ELEMENTS], "loss history");
    record(tape, generator.chain.output, counter, kernelHistory);
    const patch = crop(tape, pixels, { offsets, counter, size: PATCH_SIZE });
    const losses = recordGanStep(tape, {
      generator,
      discriminator,
      counter,
      generatorRates: rates((step) => (step < RATE_DROP ? GENERATOR_RATE : GENERATOR_RATE / 10)),
      discriminatorRates: rates(() => DISCRIMINATOR_RATE),
      noise: input.noise !== false,
      fake: (kernel, out) => generator.downscale(tape, patch, kernel, out),
      real: (out) => crop(tape, pixels, { offsets, counter, size: FAKE_SIZE, out }),
    });
    record(tape, losses, counter, lossHistory);
    advance(tape, counter);

    return new Adaptation(
      engine,
      generator,
      discriminator,
      await startTape.finish(),
      await tape.finish(),
      counter,
      steps,
      input.seed,
      kernelHistory,
      lossHistory,
      [pixels, offsets],
    );
  }

  /**
   * Runs all steps; nothing is uploaded or read back between them.
   * @throws {NumericalError} if the kernel is not finite at the end; the signal's reason if it is aborted.
   */
  async run({ onProgress, signal }: RunOptions = {}): Promise<AdaptationResult> {
    signal?.throwIfAborted();
    this.counter.reset(this.seed);
    this.start.run();
    const pace = new Pace();
    let before: Promise<void> | undefined;
    for (let step = 0; step < this.steps; ) {
      const count = Math.min(STEPS_PER_SUBMIT, this.steps - step);
      this.step.run(count);
      const reached = step;
      step += count;
      // One submission runs while the next waits behind it, so that the GPU is never without work.
      if (before) {
        await pace.wait(before);
        signal?.throwIfAborted();
        onProgress?.(reached);
      }
      await pace.sleep();
      before = this.engine.synchronise();
      // What a failed submission says is heard when it is awaited.
      before.catch(() => {});
    }
    await before;
    signal?.throwIfAborted();
    if (this.steps > 0) onProgress?.(this.steps);
    return this.result();
  }

  private async result(): Promise<AdaptationResult> {
    const [history, last, losses] = await Promise.all([
      this.engine.read(this.kernelHistory),
      this.engine.read(this.generator.chain.output),
      this.engine.read(this.lossHistory),
    ]);
    if (!last.every(Number.isFinite)) {
      throw new NumericalError(
        "The adaptation diverged: the kernel is not finite. Use other weights, or another seed.",
      );
    }
    const area = KERNEL_EXTENT ** 2;
    const row = 3 * ALIGNED_ELEMENTS;
    return {
      kernels: [
        ...Array.from({ length: this.steps }, (_, step) => history.slice(step * area, (step + 1) * area)),
        last,
      ],
      losses: Array.from({ length: this.steps }, (_, step) => {
        const at = (slot: number): number => losses[step * row + slot] as number;
        return {
          adversarial: at(LOSS_SLOTS.adversarial),
          sumToOne: SUM_TO_ONE_WEIGHT * at(LOSS_SLOTS.sumToOne),
          discriminator: at(LOSS_SLOTS.discriminator),
        };
      }),
    };
  }

  /** Frees all GPU memory of this adaptation. */
  dispose(): void {
    for (const owner of [this.start, this.step, this.generator, this.discriminator]) owner.dispose();
    for (const tensor of [...this.inputs, this.counter.tensor]) this.engine.free(tensor);
  }
}

import { abortable } from "../../engine/abortable.js";
import type { Engine } from "../../engine/device/engine.js";
import { freeOnFailure } from "../../engine/disposal.js";
import { NumericalError } from "../../engine/errors.js";
import { advance, writeHistoryRow } from "../../engine/recording/history.js";
import type { Program } from "../../engine/recording/program.js";
import { StepCounter } from "../../engine/recording/step-counter.js";
import { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { Discriminator } from "../../model/gan/discriminator.js";
import type { GanWeights } from "../../model/gan/gan-weights.js";
import { Generator, KERNEL_EXTENT } from "../../model/gan/generator.js";
import { LOSS_ELEMENTS, LOSS_SLOTS } from "./gan-step.js";
import type { AdaptationInput, StepRecorder } from "./step-recorder.js";

/** Steps in one command buffer: many enough that submitting is cheap, few enough that an abort takes effect soon. */
const STEPS_PER_SUBMIT = 5;

/** Options of {@link Adaptation.run}. */
export interface RunOptions {
  /** Called with the number of complete steps. */
  readonly onProgress?: (step: number) => void;
  /** Stops the run; `run` then rejects with the signal's reason, while the last few steps may still end on the device. */
  readonly signal?: AbortSignal;
}

/** The state of a running adaptation. */
export interface AdaptationSnapshot {
  /** Steps that are complete. */
  readonly step: number;
  /** The 11×11 kernel after them, row by row. */
  readonly kernel: Float32Array;
  /** Losses of the steps since the last snapshot. */
  readonly losses: readonly StepLosses[];
}

/** Options of {@link Adaptation.run} for watching it. */
export interface SnapshotOptions {
  /** Called right before `onProgress`, about every `snapshotEvery` steps and after the last one. */
  readonly onSnapshot?: (snapshot: AdaptationSnapshot) => void;
  /** Steps between two snapshots, rounded up to whole submissions; 5 unless given. */
  readonly snapshotEvery?: number;
}

/** The losses of a step, before its updates; the first two are the terms of the generator's objective. */
export interface StepLosses {
  readonly adversarial: number;
  /** The other terms of the objective, weighted: for MetaKernelGAN, the sum-to-one loss. */
  readonly constraints: number;
  readonly discriminator: number;
}

/** The result of an adaptation. */
export interface AdaptationResult {
  /** The 11×11 kernel after 0, 1, …, `steps` steps, row by row. */
  readonly kernels: readonly Float32Array[];
  readonly losses: readonly StepLosses[];
}

/**
 * An adaptation of generator and discriminator to one image, recorded as one GPU program that is replayed for each step. In
 * a step, the generator learns to make downscaled patches that the discriminator mistakes for real ones; then the
 * discriminator learns to tell them apart.
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
    private readonly input: AdaptationInput,
    private readonly kernelHistory: Tensor,
    private readonly lossHistory: Tensor,
    private readonly kernelWeight: number,
    private readonly owned: readonly Tensor[],
  ) {}

  /**
   * Uploads the image and records the step; compiles what the engine has not compiled yet.
   * @param recordStep records the method's step.
   * @param signal ends the wait for compiled shaders.
   */
  static record(
    engine: Engine,
    weights: GanWeights,
    input: AdaptationInput,
    recordStep: StepRecorder,
    signal?: AbortSignal,
  ): Promise<Adaptation> {
    return freeOnFailure(async (own) => {
      const rows = Math.max(1, input.steps);
      const generator = own(new Generator(engine));
      const discriminator = own(new Discriminator(engine));
      generator.parameters.write(weights);
      discriminator.parameters.write(weights);
      discriminator.vectors.write(weights);
      const counter = new StepCounter(engine);
      const owned: Tensor[] = [counter.tensor];
      own({
        dispose: () => {
          for (const tensor of owned) engine.free(tensor);
        },
      });

      const startTape = own(new Tape(engine));
      generator.chain.refresh(startTape);

      const tape = own(new Tape(engine));
      const kernelHistory = tape.tensor([rows, KERNEL_EXTENT ** 2], "kernels");
      const lossHistory = tape.tensor([rows, LOSS_ELEMENTS], "losses");
      writeHistoryRow(tape, generator.chain.output, counter, kernelHistory);
      const keep = (...tensors: readonly Tensor[]) => void owned.push(...tensors);
      const context = { engine, tape, generator, discriminator, counter, input, own: keep };
      const { losses, kernelWeight } = recordStep(context);
      writeHistoryRow(tape, losses, counter, lossHistory);
      advance(tape, counter);

      return new Adaptation(
        engine,
        generator,
        discriminator,
        await startTape.finish(signal),
        await tape.finish(signal),
        counter,
        input,
        kernelHistory,
        lossHistory,
        kernelWeight,
        owned,
      );
    });
  }

  /**
   * Runs all steps. Nothing is uploaded between them, and only snapshots are read back; the reads are queued like the steps,
   * so that the GPU does not wait for them.
   * @throws {NumericalError} if the kernel is not finite at the end; the signal's reason if it is aborted.
   */
  async run(options: RunOptions & SnapshotOptions = {}): Promise<AdaptationResult> {
    const { onProgress, onSnapshot, snapshotEvery = STEPS_PER_SUBMIT, signal } = options;
    signal?.throwIfAborted();
    const { steps, seed } = this.input;
    this.counter.reset(seed);
    this.start.run();
    let before: Promise<AdaptationSnapshot | undefined> | undefined;
    let shown = 0;
    for (let step = 0; step < steps; ) {
      signal?.throwIfAborted();
      const count = Math.min(STEPS_PER_SUBMIT, steps - step);
      this.step.run(count);
      const reached = step;
      step += count;
      const isDue = onSnapshot && (step - shown >= snapshotEvery || step === steps);
      const snapshot = isDue ? this.snapshot(shown, step) : undefined;
      if (isDue) shown = step;
      // If this round ends before the snapshot is awaited, its rejection must not count as unhandled.
      snapshot?.catch(() => {});
      // One submission runs while the next waits behind it, so that the GPU is never without work.
      if (before) {
        const seen = await abortable(before, signal);
        signal?.throwIfAborted();
        if (seen) onSnapshot?.(seen);
        onProgress?.(reached);
      }
      before = this.engine.synchronize().then(() => snapshot);
      // A failed submission throws where it is awaited.
      before.catch(() => {});
    }
    const seen = before && (await abortable(before, signal));
    signal?.throwIfAborted();
    if (seen) onSnapshot?.(seen);
    if (steps > 0) onProgress?.(steps);
    return abortable(this.result(), signal);
  }

  /** Reads the kernel as it is after all that was submitted, and the losses from one step to another. */
  private async snapshot(from: number, step: number): Promise<AdaptationSnapshot> {
    const count = step - from;
    const rows = this.lossHistory.view(from * LOSS_ELEMENTS, [count, LOSS_ELEMENTS]);
    const [kernel, losses] = await Promise.all([
      this.engine.read(this.generator.chain.output),
      this.engine.read(rows),
    ]);
    return { step, kernel, losses: this.stepLosses(losses, count) };
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
    const { steps } = this.input;
    const area = KERNEL_EXTENT ** 2;
    return {
      kernels: [
        ...Array.from({ length: steps }, (_, step) => history.slice(step * area, (step + 1) * area)),
        last,
      ],
      losses: this.stepLosses(losses, steps),
    };
  }

  private stepLosses(rows: Float32Array, count: number): StepLosses[] {
    return Array.from({ length: count }, (_, row) => {
      const at = (name: keyof typeof LOSS_SLOTS): number =>
        rows[row * LOSS_ELEMENTS + LOSS_SLOTS[name]] as number;
      return {
        adversarial: at("adversarial"),
        constraints: this.kernelWeight * at("kernel") + at("fake"),
        discriminator: at("discriminator"),
      };
    });
  }

  /** Frees all GPU memory of this adaptation. */
  dispose(): void {
    for (const owner of [this.start, this.step, this.generator, this.discriminator]) owner.dispose();
    for (const tensor of this.owned) this.engine.free(tensor);
  }
}

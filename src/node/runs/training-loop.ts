import { setTimeout as sleep } from "node:timers/promises";
import { abortable } from "../../engine/abortable.js";
import type { Engine } from "../../engine/device/engine.js";
import { NumericalError } from "../../engine/errors.js";
import { encodeCheckpoint } from "../../train/checkpoint.js";
import type { Losses, Trainer, TrainingState } from "../../train/trainer.js";
import type { Training } from "../../train/training.js";
import { trainingCurves } from "../../train/training-curves.js";
import { WeightsError } from "../../weights/errors.js";
import type { WeightFile } from "../../weights/weight-file.js";
import { Clock } from "./clock.js";
import { StoppedError } from "./errors.js";
import type { RunProgress } from "./progress.js";
import { runMetadata } from "./run-config.js";
import type { RunFolder } from "./run-folder.js";

/** How long a stopped run waits for the steps on the device, in milliseconds; Ctrl-C is to end it within a second. */
const PATIENCE = 300;

/** Steps that take longer, in milliseconds, do not overlap: the state between them is read, in case the run is stopped within one. */
const SLOW = 150;

/** Steps that may be on the device at once. */
const IN_FLIGHT = 2;

/** What a {@link TrainingLoop} works with. */
export interface LoopParts {
  readonly engine: Engine;
  readonly training: Pick<Training, "name" | "curves" | "weightsOption">;
  readonly trainer: Trainer;
  readonly folder: RunFolder;
  /** Whether there are images for validation. */
  readonly canValidate: boolean;
  readonly progress: RunProgress;
  readonly signal: AbortSignal;
}

/**
 * Trains to the last step of the run's schedule, and writes log, validations and checkpoints on the way.
 * Everything that belongs to a step is written before its checkpoint, so that a resumed run lacks none of it.
 */
export class TrainingLoop {
  private readonly clock: Clock;
  /** The step of the last checkpoint. */
  private saved: number;
  /** Resolves when the device has done the last submitted step. */
  private submitted: Promise<void> = Promise.resolve();
  /** How long the last complete step took, in milliseconds; the first ones may take any time. */
  private pace = Infinity;
  /** The state after the last complete step, where steps are slow. */
  private between: TrainingState | undefined;

  /** @param step steps that the trainer has taken already. */
  constructor(
    private readonly parts: LoopParts,
    private step: number,
  ) {
    const { entries } = parts.folder;
    this.clock = new Clock(entries.findLast((entry) => "seconds" in entry)?.seconds ?? 0, step);
    this.saved = step;
  }

  /**
   * @throws {StoppedError} if the signal is aborted; a checkpoint of the last complete step is written first.
   * @throws {NumericalError} if the training diverges; the last checkpoint stays as it is.
   */
  async run(): Promise<void> {
    const { folder, training, signal } = this.parts;
    try {
      const work = this.trainToEnd();
      await abortable(work, signal).catch(async (error) => {
        if (!signal.aborted || error !== signal.reason) throw error;
        await this.stop(work);
        if (this.saved === folder.config.schedule.steps) return;
        throw new StoppedError(
          `Stopped at step ${this.saved}, which the checkpoint holds`,
          training.name,
          folder.path,
        );
      });
    } catch (error) {
      if (!(error instanceof NumericalError)) throw error;
      const path = folder.checkpointPath;
      throw new NumericalError(
        `${error.message} The last good checkpoint is ${path}, of step ${this.saved}: begin another run from it, with --${training.weightsOption} ${path} and another --seed or a smaller --rate.`,
        { cause: error },
      );
    }
  }

  /** Saves the last step: the one that the device works on if it is complete soon, else the one before. */
  private async stop(work: Promise<void>): Promise<void> {
    const { signal } = this.parts;
    const over = work
      .catch((error) => {
        if (error !== signal.reason) throw error;
      })
      .then(() => this.submitted);
    // Nobody may await its failure.
    over.catch(() => {});
    const isOver = await Promise.race([over.then(() => true), sleep(PATIENCE, false)]);
    const { between } = this;
    const kept = Math.max(between?.step ?? 0, this.saved);
    if (isOver || this.step - kept > IN_FLIGHT) {
      await over;
      return this.save();
    }
    if (between && between.step > this.saved) await this.write(between);
  }

  private async trainToEnd(): Promise<void> {
    const { folder, progress, signal } = this.parts;
    const { steps, checkpointEvery, logEvery } = folder.config.schedule;
    for (;;) {
      if (this.validationIsDue()) await this.validate();
      if (this.step % checkpointEvery === 0 || this.step >= steps) await this.save();
      if (this.step >= steps) return;
      signal.throwIfAborted();
      await this.clock.time(() => this.next());
      if (this.step % logEvery === 0 || this.step === steps) await this.log();
      progress.update(this.step, this.clock.pace(this.step));
    }
  }

  /** Makes and submits one step, while the device is still busy with the one before unless that takes long. */
  private async next(): Promise<void> {
    const { engine, trainer } = this.parts;
    if (this.pace > SLOW && this.step > this.saved) {
      await this.finiteLosses();
      this.between = await this.state();
    }
    trainer.submit(this.step);
    await this.submitted;
    const began = performance.now();
    this.submitted = engine.synchronize().then(() => {
      this.pace = performance.now() - began;
    });
    // A failure is reported when the next step, or a reading, awaits it.
    this.submitted.catch(() => {});
    this.step++;
  }

  private async log(): Promise<void> {
    const { trainer, folder } = this.parts;
    const losses = await this.clock.time(() => this.finiteLosses());
    const { multiplyAdds: multiplyAddsPerStep } = trainer;
    await folder.append({ step: this.step, losses, ...this.clock.lap(this.step), multiplyAddsPerStep });
  }

  /** @throws {NumericalError} if a loss of the last step is not finite. */
  private async finiteLosses(): Promise<readonly Losses[]> {
    const losses = await this.parts.trainer.losses();
    for (const [name, value] of losses.flatMap((evaluation) => Object.entries(evaluation))) {
      if (!Number.isFinite(value)) {
        throw new NumericalError(`Training diverged: at step ${this.step} the ${name} loss is ${value}.`);
      }
    }
    return losses;
  }

  private async save(): Promise<void> {
    if (this.saved === this.step) return;
    // So that only finite numbers replace the last checkpoint.
    await this.finiteLosses();
    await this.write(await this.state());
  }

  /** Writes a checkpoint. */
  private async write(state: TrainingState): Promise<void> {
    const { training, folder, progress } = this.parts;
    const { step } = state;
    const network = this.network(state);
    try {
      if (!this.validates) await folder.writeBest(network);
      await folder.writeCheckpoint(encodeCheckpoint(state, network));
    } catch (error) {
      if (!(error instanceof WeightsError)) throw error;
      throw new NumericalError(`Training diverged at step ${step}: ${error.message}`, { cause: error });
    }
    await folder.writeCurves(trainingCurves(folder.entries, training.curves));
    this.saved = step;
    const { steps } = folder.config.schedule;
    progress.reached(`Step ${step} of ${steps}, ${this.clock.pace(step)}; checkpoint written.`);
  }

  private async state(): Promise<TrainingState> {
    await this.submitted;
    return { step: this.step, ...(await this.parts.trainer.read()) };
  }

  /** The network for use, with the run's metadata and the step. */
  private network({ weights, step }: TrainingState): WeightFile {
    const { trainer, folder } = this.parts;
    const { tensors, metadata } = trainer.network(weights);
    return { tensors, metadata: { ...metadata, ...runMetadata(folder.config), step: String(step) } };
  }

  private get validates(): boolean {
    const { trainer, canValidate, folder } = this.parts;
    return canValidate && trainer.validate !== undefined && folder.config.schedule.validateEvery > 0;
  }

  /** Also asked before the first step of a resumed run, which may have been stopped within its validation. */
  private validationIsDue(): boolean {
    const { folder } = this.parts;
    const { steps, validateEvery } = folder.config.schedule;
    if (!this.validates || this.step === 0) return false;
    if (this.step % validateEvery !== 0 && this.step < steps) return false;
    return !folder.validations.some((entry) => entry.step === this.step);
  }

  /** Measures how good the network is by now, and keeps it if it is the best so far. */
  private async validate(): Promise<void> {
    const { training, trainer, folder, signal } = this.parts;
    const score = training.curves.validation?.score;
    if (!trainer.validate || score === undefined) return;
    const network = this.network(await this.state());
    const { validateSteps: steps } = folder.config.schedule;
    const validation = await trainer.validate(network, { steps, signal });
    const best = folder.bestValidation(score)?.validation[score] ?? 0;
    if ((validation[score] ?? 0) > best) await folder.writeBest(network);
    await folder.append({ step: this.step, validation });
  }
}

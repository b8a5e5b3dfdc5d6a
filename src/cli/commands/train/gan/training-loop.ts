import type { Engine } from "../../../../engine/engine.js";
import { NumericalError } from "../../../../engine/errors.js";
import { INNER_LOOP_KEY } from "../../../../estimate/metakernelgan/inner-loop.js";
import { type RunConfig, type RunFolder, runIdentity } from "../../../../node/runs/run-folder.js";
import { encodeCheckpoint, encodeInitialization } from "../../../../train/meta/checkpoint.js";
import type { MetaTraining, MetaTrainingState } from "../../../../train/meta/meta-training.js";
import { innerLoopAfter } from "../../../../train/meta/meta-training-config.js";
import { type ValidationImage, validate } from "../../../../train/meta/validation.js";
import { WeightsError } from "../../../../weights/errors.js";
import type { WeightFile } from "../../../../weights/weight-file.js";
import { StoppedError } from "../../../shared/errors.js";
import type { TrainingProgress } from "../shared/training-progress.js";
import { trainingCurves } from "./training-curves.js";

/** What a training loop works with. */
export interface TrainingLoop {
  readonly engine: Engine;
  readonly training: MetaTraining;
  readonly folder: RunFolder;
  readonly validation: readonly ValidationImage[];
  readonly progress: TrainingProgress;
  readonly signal: AbortSignal;
}

/**
 * Trains to the last step of the run's schedule, and writes log, validations and checkpoints on the way. Everything that
 * belongs to a step is written before its checkpoint, so a resumed run misses none of it.
 * @throws {StoppedError} if the signal is aborted; a checkpoint is written first.
 * @throws {NumericalError} if the training diverges; the last checkpoint stays as it is.
 */
export async function trainLoop(loop: TrainingLoop): Promise<void> {
  const { training, folder, progress, signal } = loop;
  const { steps, checkpointEvery, logEvery } = folder.config.schedule;
  const clock = new Clock(loop);
  let saved = training.step;
  const save = async (): Promise<void> => {
    if (saved === training.step) return;
    await writeCheckpoint(loop);
    saved = training.step;
    progress.reached(`Step ${saved} of ${steps}, ${clock.pace}; checkpoint written.`);
  };
  const run = async (): Promise<void> => {
    for (;;) {
      if (validationIsDue(loop)) await validateStart(loop);
      if (training.step % checkpointEvery === 0 || training.step >= steps) await save();
      if (training.step >= steps) return;
      signal.throwIfAborted();
      await clock.time(() => training.next());
      if (training.step % logEvery === 0 || training.step === steps) {
        const losses = await clock.time(() => training.losses());
        await folder.append({ step: training.step, losses, ...clock.lap() });
      }
      progress.update(training.step, clock.pace);
    }
  };
  try {
    await run().catch(async (error) => {
      if (!signal.aborted || error !== signal.reason) throw error;
      await save();
      throw new StoppedError("train", folder.path, training.step);
    });
  } catch (error) {
    if (!(error instanceof NumericalError)) throw error;
    const path = folder.checkpointPath;
    throw new NumericalError(
      `${error.message} The last good checkpoint is ${path}, of step ${saved}: begin another run from it, with --weights ${path} and another --seed.`,
      { cause: error },
    );
  }
}

/** A training state as a weights file that says which run it belongs to. */
export function checkpointFile(state: MetaTrainingState, config: RunConfig): WeightFile {
  return encodeCheckpoint(state, originOf(config));
}

function originOf({ version, numbers }: RunConfig): Record<string, string> {
  const { method, seed } = numbers;
  const loop = { [INNER_LOOP_KEY]: innerLoopAfter(method) };
  return { version, method, ...loop, seed: String(seed), run: runIdentity(numbers) };
}

async function writeCheckpoint({ training, folder }: TrainingLoop): Promise<void> {
  // So that nothing but finite numbers replaces the last checkpoint.
  await training.losses();
  try {
    await folder.writeCheckpoint(checkpointFile(await training.state(), folder.config));
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    throw new NumericalError(`Training diverged at step ${training.step}: ${error.message}`, {
      cause: error,
    });
  }
  await folder.writeCurves(trainingCurves(folder.entries));
}

/** Also asked before the first step of a resumed run, which may have been stopped within its validation. */
function validationIsDue({ training: { step }, folder, validation }: TrainingLoop): boolean {
  const { steps, validateEvery } = folder.config.schedule;
  if (step === 0 || validation.length === 0 || validateEvery === 0) return false;
  if (step % validateEvery !== 0 && step < steps) return false;
  return !folder.validations.some((entry) => entry.step === step);
}

/** Measures how good the start is by now, and keeps it if it is the best so far. */
async function validateStart({ engine, training, folder, validation, signal }: TrainingLoop): Promise<void> {
  const file = encodeInitialization(await training.state(), originOf(folder.config));
  const steps = folder.config.schedule.validateSteps;
  const result = await validate(engine, file, validation, { steps, signal });
  const best = folder.bestValidation?.validation.kernelPsnr ?? 0;
  if (result.kernelPsnr > best) await folder.writeBest(file);
  await folder.append({ step: training.step, validation: result });
}

/** Measures the time that goes into training alone, on from what the log says was spent before. */
class Clock {
  private readonly before: number;
  private readonly begin: number;
  private spent = 0;
  private lapBegin: { step: number; spent: number };

  constructor(private readonly loop: TrainingLoop) {
    this.before = loop.folder.entries.findLast((entry) => "seconds" in entry)?.seconds ?? 0;
    this.begin = loop.training.step;
    this.lapBegin = { step: this.begin, spent: 0 };
  }

  /** Runs work of the training. */
  async time<T>(work: () => Promise<T>): Promise<T> {
    const from = performance.now();
    try {
      return await work();
    } finally {
      this.spent += performance.now() - from;
    }
  }

  /** What one step takes, in words. */
  get pace(): string {
    return `${Math.round(this.spent / Math.max(1, this.loop.training.step - this.begin))} ms a step`;
  }

  /** The numbers of a log line; they count from the last one. */
  lap(): { seconds: number; millisecondsPerStep: number; multiplyAddsPerStep: number } {
    const { step, multiplyAdds } = this.loop.training;
    const milliseconds = (this.spent - this.lapBegin.spent) / (step - this.lapBegin.step);
    this.lapBegin = { step, spent: this.spent };
    return {
      seconds: Number((this.before + this.spent / 1000).toFixed(3)),
      millisecondsPerStep: Number(milliseconds.toFixed(1)),
      multiplyAddsPerStep: multiplyAdds,
    };
  }
}

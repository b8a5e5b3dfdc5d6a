import { existsSync } from "node:fs";
import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { NumericalError } from "../engine/errors.js";
import { Pace } from "../engine/pace.js";
import { parseSafetensors, serializeSafetensors } from "../model/weights/safetensors.js";
import type { AdapterChoice } from "../node/adapters.js";
import { writeFileAtomic } from "../node/atomic-write.js";
import { createEngine } from "../node/create-engine.js";
import { lockFolder } from "../node/folder-lock.js";
import { listTrainingFiles, loadTrainingImages } from "../node/training-images.js";
import { initialUpscaler } from "../train/upscaler/initial-upscaler.js";
import {
  decodeUpscalerCheckpoint,
  encodeUpscaler,
  encodeUpscalerCheckpoint,
} from "../train/upscaler/upscaler-checkpoint.js";
import { type StepLoss, UpscalerTraining } from "../train/upscaler/upscaler-training.js";
import { cancellable } from "./cancellable.js";
import { StoppedError, UsageError } from "./errors.js";
import { parseInput } from "./read-input.js";
import { print, printLine } from "./report.js";
import { openTrainingProgress } from "./training-progress.js";

/** The options of `metakernelgan train-upscaler`, as Commander gives them. */
export interface TrainUpscalerOptions {
  readonly data: readonly string[];
  readonly out: string;
  readonly resume?: boolean;
  readonly steps: number;
  readonly seed: number;
  readonly rate: number;
  readonly batch: number;
  readonly size: number;
  readonly checkpointEvery: number;
  readonly adapter?: AdapterChoice;
}

/** Losses are read back and logged every so many steps, and steps submitted without waiting at most. */
const LOG_EVERY = 10;

/** `metakernelgan train-upscaler`. */
export async function trainUpscaler(options: TrainUpscalerOptions, version: string): Promise<void> {
  const { out } = options;
  let free = async (): Promise<void> => {};
  await cancellable(async (signal) => {
    if (options.resume && existsSync(out)) free = await lockFolder(out);
    const begin = await beginning(options);
    const files = await listTrainingFiles(options.data, signal);
    const { training: images } = await loadTrainingImages(files, { holdOut: 0, signal, onSkip: printLine });
    const engine = await createEngine({ adapter: options.adapter });
    try {
      const training = await UpscalerTraining.create(engine, begin.file, images, options);
      if (begin.state) training.restore(begin.state);
      await mkdir(out, { recursive: true });
      if (!options.resume) free = await lockFolder(out);
      await loop(training, begin, options, version, signal);
      training.dispose();
      print(`Written to ${join(out, "upscaler.safetensors")}.`);
    } finally {
      engine.dispose();
    }
  }).finally(() => free());
}

type Beginning = Partial<ReturnType<typeof decodeUpscalerCheckpoint>> &
  Pick<ReturnType<typeof decodeUpscalerCheckpoint>, "file">;

/** A new network, or that of the checkpoint in the run folder. */
async function beginning({ out, resume, seed, steps }: TrainUpscalerOptions): Promise<Beginning> {
  const path = checkpointPath(out);
  if (!resume) {
    if (existsSync(path))
      throw new UsageError(
        `${out} holds a run already: add --resume to go on with it, or choose another folder.`,
      );
    return { file: initialUpscaler(seed) };
  }
  const begin = await parseInput(path, (bytes) => decodeUpscalerCheckpoint(parseSafetensors(bytes)));
  if (begin.state.step >= steps)
    throw new UsageError(`The run in ${out} has ${begin.state.step} steps already; for more, give --steps.`);
  return begin;
}

function checkpointPath(out: string): string {
  return join(out, "checkpoint.safetensors");
}

async function loop(
  training: UpscalerTraining,
  { file, state }: Beginning,
  { out, steps, seed, checkpointEvery }: TrainUpscalerOptions,
  version: string,
  signal: AbortSignal,
): Promise<void> {
  const metadata = { version, seed: String(seed), steps: String(steps) };
  const first = state?.step ?? 0;
  const progress = await openTrainingProgress(steps, first);
  const began = performance.now();
  const pace = new Pace();
  const save = async (step: number): Promise<void> => {
    const now = await training.state(step);
    await writeFileAtomic(
      join(out, "upscaler.safetensors"),
      serializeSafetensors(encodeUpscaler(now, file, metadata)),
    );
    await writeFileAtomic(
      checkpointPath(out),
      serializeSafetensors(encodeUpscalerCheckpoint(now, file, metadata)),
    );
  };
  try {
    for (let step = first; step < steps; step++) {
      const loss: StepLoss = training.step(step);
      const done = step + 1;
      const speed = `${Math.round((performance.now() - began) / (done - first))} ms a step`;
      if (done % LOG_EVERY === 0 || done === steps) {
        await pace.sleep();
        const value = await pace.wait(loss.read());
        if (!Number.isFinite(value)) {
          throw new NumericalError(
            `The loss of step ${done} is ${value}; the last good checkpoint is ${checkpointPath(out)}: go on from it with a smaller --rate.`,
          );
        }
        await appendFile(
          join(out, "log.jsonl"),
          `${JSON.stringify({ step: done, scale: loss.scale, loss: value })}\n`,
        );
        progress.update(done, speed);
        if (signal.aborted) {
          await save(done);
          throw new StoppedError(out, done);
        }
      }
      if (done % checkpointEvery === 0 || done === steps) {
        await save(done);
        progress.reached(`Step ${done} of ${steps}, ${speed}; checkpoint written.`);
      }
    }
  } finally {
    progress.stop();
  }
}

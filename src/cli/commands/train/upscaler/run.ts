import { existsSync } from "node:fs";
import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { NumericalError } from "../../../../engine/errors.js";
import type { AdapterChoice } from "../../../../node/device/adapters.js";
import { createEngine } from "../../../../node/device/create-engine.js";
import { writeFileAtomic } from "../../../../node/files/atomic-write.js";
import { lockFolder } from "../../../../node/files/folder-lock.js";
import { listTrainingFiles, loadTrainingImages } from "../../../../node/runs/training-images.js";
import { initialUpscaler } from "../../../../train/upscaler/initial-upscaler.js";
import {
  decodeUpscalerCheckpoint,
  encodeUpscaler,
  encodeUpscalerCheckpoint,
} from "../../../../train/upscaler/upscaler-checkpoint.js";
import {
  UpscalerTraining,
  type UpscalerTrainingState,
} from "../../../../train/upscaler/upscaler-training.js";
import {
  UPSCALER_DEFAULTS,
  type UpscalerTrainingOptions,
} from "../../../../train/upscaler/upscaler-training-options.js";
import { WeightsError } from "../../../../weights/errors.js";
import { parseSafetensors, serializeSafetensors } from "../../../../weights/safetensors.js";
import type { WeightFile } from "../../../../weights/weight-file.js";
import { cancellable } from "../../../shared/cancellable.js";
import { StoppedError, UsageError } from "../../../shared/errors.js";
import { parseInput } from "../../../shared/read-input.js";
import { print, printLine } from "../../../shared/terminal/report.js";
import { openTrainingProgress } from "../shared/training-progress.js";

/** The options of `metakernelgan train-upscaler`, as Commander gives them: those that were not given are undefined. */
export interface TrainUpscalerOptions extends Partial<UpscalerTrainingOptions> {
  readonly data: readonly string[];
  readonly out: string;
  readonly resume?: boolean;
  readonly checkpointEvery: number;
  readonly adapter?: AdapterChoice;
}

/** Losses are read back and logged every so many steps; so many are submitted without waiting at most. */
const LOG_EVERY = 10;

const SETTINGS = Object.keys(UPSCALER_DEFAULTS) as readonly (keyof UpscalerTrainingOptions)[];

/** `metakernelgan train-upscaler`. */
export async function trainUpscaler(options: TrainUpscalerOptions, version: string): Promise<void> {
  const { out } = options;
  let free = async (): Promise<void> => {};
  await cancellable(async (signal) => {
    if (options.resume && existsSync(out)) free = await lockFolder(out);
    const run = await openRun(options, version);
    const files = await listTrainingFiles(options.data, signal);
    const { training: images } = await loadTrainingImages(files, { holdOut: 0, signal, onSkip: printLine });
    const engine = await createEngine({ adapter: options.adapter });
    try {
      const training = await UpscalerTraining.create(engine, run.file, images, run.settings);
      if (run.state) training.restore(run.state);
      await mkdir(out, { recursive: true });
      if (!options.resume) free = await lockFolder(out);
      await loop(training, run, options, signal);
      print(`Written to ${weightsPath(out)}.`);
    } finally {
      engine.dispose();
    }
  }).finally(() => free());
}

/** A run that begins or goes on. */
interface Run {
  /** The network that it begins with; of it α and β stay. */
  readonly file: WeightFile;
  readonly state?: UpscalerTrainingState;
  readonly settings: UpscalerTrainingOptions;
  /** What its files say of how they came about. */
  readonly metadata: Readonly<Record<string, string>>;
}

async function openRun(options: TrainUpscalerOptions, version: string): Promise<Run> {
  const { out, resume } = options;
  const path = checkpointPath(out);
  if (!resume) {
    if (existsSync(path)) {
      throw new UsageError(
        `${out} holds a run already: add --resume to go on with it, or choose another folder.`,
      );
    }
    const given = SETTINGS.map((name) => [name, options[name] ?? UPSCALER_DEFAULTS[name]] as const);
    const settings = Object.fromEntries(given) as unknown as UpscalerTrainingOptions;
    const metadata = Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
    return { file: initialUpscaler(settings.seed), settings, metadata: { version, ...metadata } };
  }
  const fixed = SETTINGS.find((name) => options[name] !== undefined);
  if (fixed) throw new UsageError(`A run that is resumed keeps its --${fixed}: leave that option out.`);
  const { file, state } = await parseInput(path, (bytes) =>
    decodeUpscalerCheckpoint(parseSafetensors(bytes)),
  );
  const settings = Object.fromEntries(
    SETTINGS.map((name) => [name, Number(file.metadata[name])]),
  ) as unknown as UpscalerTrainingOptions;
  if (!Object.values(settings).every(Number.isFinite)) {
    throw new WeightsError(`${path} does not say with which options its run began, so it cannot go on.`);
  }
  if (state.step >= settings.steps)
    throw new UsageError(`The run in ${out} has done its ${settings.steps} steps.`);
  return { file, state, settings, metadata: {} };
}

function checkpointPath(out: string): string {
  return join(out, "checkpoint.safetensors");
}

function weightsPath(out: string): string {
  return join(out, "upscaler.safetensors");
}

async function loop(
  training: UpscalerTraining,
  { file, state, settings: { steps }, metadata }: Run,
  { out, checkpointEvery }: TrainUpscalerOptions,
  signal: AbortSignal,
): Promise<void> {
  const first = state?.step ?? 0;
  const progress = await openTrainingProgress(steps, first);
  const began = performance.now();
  const save = async (step: number): Promise<void> => {
    const now = await training.state(step);
    await writeFileAtomic(weightsPath(out), serializeSafetensors(encodeUpscaler(now, file, metadata)));
    const checkpoint = encodeUpscalerCheckpoint(now, file, metadata);
    await writeFileAtomic(checkpointPath(out), serializeSafetensors(checkpoint));
  };
  try {
    for (let done = first + 1; done <= steps; done++) {
      const loss = training.step(done - 1);
      const last = done === steps;
      const speed = `${Math.round((performance.now() - began) / (done - first))} ms a step`;
      const due = last || done % checkpointEvery === 0;
      if (due || done % LOG_EVERY === 0) {
        const value = await loss.read();
        if (!Number.isFinite(value)) {
          throw new NumericalError(
            `The loss of step ${done} is ${value}; begin again with a smaller --rate, or another --seed.`,
          );
        }
        const line = { step: done, scale: loss.scale, loss: value };
        await appendFile(join(out, "log.jsonl"), `${JSON.stringify(line)}\n`);
        progress.update(done, speed);
        if (due || signal.aborted) {
          await save(done);
          progress.reached(`Step ${done} of ${steps}, ${speed}; checkpoint written.`);
        }
        if (signal.aborted && !last) throw new StoppedError("train-upscaler", out, done);
      }
    }
  } finally {
    progress.stop();
  }
}

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Engine } from "../../../../engine/engine.js";
import { discriminatorInitialization } from "../../../../model/gan/discriminator-initialization.js";
import { ganWeights, untrainedGanWeights } from "../../../../model/gan/gan-weights.js";
import { generatorInitialization } from "../../../../model/gan/generator-initialization.js";
import { createEngine } from "../../../../node/device/create-engine.js";
import { lockFolder } from "../../../../node/files/folder-lock.js";
import { type RunConfig, RunError, RunFolder } from "../../../../node/runs/run-folder.js";
import {
  listTrainingFiles,
  loadTrainingImages,
  type TrainingFiles,
  type TrainingSet,
} from "../../../../node/runs/training-images.js";
import { SHARP_SIZE } from "../../../../train/blur/blur-task.js";
import { MetaTraining, type MetaTrainingState } from "../../../../train/meta/meta-training.js";
import type { MetaTrainingConfig } from "../../../../train/meta/meta-training-config.js";
import { cancellable } from "../../../shared/cancellable.js";
import { adapterText } from "../../../shared/terminal/adapter-text.js";
import { openProgress } from "../../../shared/terminal/progress.js";
import { labelled, print, printLine } from "../../../shared/terminal/report.js";
import { readStartWeights } from "../../../shared/weights/initial-weights.js";
import { openTrainingProgress } from "../shared/training-progress.js";
import { type TrainCommandOptions, type TrainSettings, trainSettings } from "./settings.js";
import { checkpointFile, trainLoop } from "./training-loop.js";

/** `metakernelgan train`. */
export async function train(options: TrainCommandOptions, version: string): Promise<void> {
  const { out } = options;
  let free = async (): Promise<void> => {};
  await cancellable(async (signal) => {
    if (options.resume) {
      // Says so if there is no run; what it reads may be old before the folder is locked.
      await RunFolder.open(out);
      free = await lockFolder(out);
    }
    const plan = await makePlan(options, version, signal);
    if (plan.state.step >= plan.settings.schedule.steps) {
      print(`The run in ${out} has ${plan.state.step} steps already; for more, give --steps.`);
      return;
    }
    signal.throwIfAborted();
    const engine = await createEngine({ adapter: options.adapter });
    try {
      const images = await load(plan, signal);
      const folder = await settle(plan, engine, images, out, version);
      if (!options.resume) free = await lockFolder(out);
      await run(plan, engine, images, folder, signal);
      print(summaryOf(folder, engine));
    } finally {
      engine.dispose();
    }
  }).finally(() => free());
}

/** All that is known before a device is opened, and checked. */
interface Plan {
  readonly settings: TrainSettings;
  readonly numbers: RunConfig["numbers"];
  readonly files: TrainingFiles;
  readonly training: MetaTrainingConfig;
  /** Where the training begins or goes on. */
  readonly state: MetaTrainingState;
  /** The run that is resumed. */
  readonly resumed?: RunFolder;
}

async function makePlan(options: TrainCommandOptions, version: string, signal: AbortSignal): Promise<Plan> {
  const { out } = options;
  const resumed = options.resume ? await RunFolder.open(out) : undefined;
  const settings = trainSettings(options, resumed?.config);
  if (!resumed) await RunFolder.assertFree(out);
  const { tasks, kernelPixels, generator, ...numbersOfTraining } = settings.numbers;
  const training: MetaTrainingConfig = {
    ...numbersOfTraining,
    steps: settings.schedule.steps,
    tasksPerStep: tasks,
    kernelPixels: kernelPixels === "on",
  };
  const start = await readStart(options.weights);
  const { seed } = training;
  const weights = new Map(start?.weights ?? untrainedGanWeights(seed));
  if (training.method === "blur" && !start) {
    for (const [name, values] of discriminatorInitialization(seed)) weights.set(name, values);
  }
  if (generator === "gaussians")
    for (const [name, values] of generatorInitialization()) weights.set(name, values);
  const state = (await resumed?.readCheckpoint(version)) ?? MetaTraining.untrained(training, weights);
  const files = await listTrainingFiles(settings.data, signal);
  if (resumed && resumed.config.numbers.files !== files.sha256) {
    throw new RunError(
      `The run in ${out} was begun with other images than those in ${settings.data.join(", ")}: give the same ones, or choose another folder.`,
    );
  }
  const numbers = {
    ...settings.numbers,
    files: files.sha256,
    weights: resumed ? resumed.config.numbers.weights : (start?.sha256 ?? null),
  };
  return { settings, numbers, files, training, state, resumed };
}

async function readStart(path: string | undefined) {
  if (path === undefined) return undefined;
  const start = await readStartWeights(path);
  const sha256 = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  return { weights: ganWeights(start.file), sha256 };
}

async function load({ files, settings }: Plan, signal: AbortSignal): Promise<TrainingSet> {
  const progress = await openProgress({ total: files.paths.length, unit: "images" });
  const skipped: string[] = [];
  try {
    const images = await loadTrainingImages(files, {
      holdOut: settings.numbers.holdOut,
      cropSize: settings.numbers.method === "blur" ? SHARP_SIZE : undefined,
      signal,
      onSkip: (reason) => skipped.push(reason),
      onProgress: (count) => progress.update(count),
    });
    progress.stop();
    for (const reason of skipped) printLine(`Left out: ${reason}`);
    const counts = [
      `${images.training.length} to learn from`,
      `${images.validation.length} for validation`,
      `${skipped.length} left out`,
    ];
    printLine(`Images: ${counts.join(", ")}.`);
    return images;
  } finally {
    progress.stop();
  }
}

/** Takes up the run that is resumed, or begins the folder of a new one; until here nothing was written. */
async function settle(
  { settings, numbers, state, resumed }: Plan,
  engine: Engine,
  { training, validation }: TrainingSet,
  out: string,
  version: string,
): Promise<RunFolder> {
  const { adapter } = engine;
  const config: RunConfig = {
    version,
    adapter,
    data: settings.data.map((folder) => resolve(folder)),
    images: training.length + validation.length,
    numbers,
    schedule: settings.schedule,
  };
  if (!resumed) return RunFolder.create(out, config, checkpointFile(state, config));
  if (adapterText(adapter) !== adapterText(resumed.config.adapter)) {
    printLine(
      `The run was begun on ${adapterText(resumed.config.adapter)} and goes on on ${adapterText(adapter)}, which rounds in its own way.`,
    );
  }
  await resumed.resumeAt(state.step, { ...config, adapter: resumed.config.adapter });
  return resumed;
}

async function run(
  { training: config, state, settings }: Plan,
  engine: Engine,
  { training: images, validation }: TrainingSet,
  folder: RunFolder,
  signal: AbortSignal,
): Promise<void> {
  const training = await MetaTraining.begin(engine, images, config, state);
  const progress = await openTrainingProgress(settings.schedule.steps, state.step);
  try {
    await trainLoop({ engine, training, folder, validation, progress, signal });
  } finally {
    progress.stop();
  }
}

function summaryOf(folder: RunFolder, engine: Engine): string {
  const { steps } = folder.config.schedule;
  const best = folder.bestValidation;
  const last = folder.entries.findLast((entry) => "seconds" in entry);
  return `Trained ${steps} ${steps === 1 ? "step" : "steps"}.\n${labelled([
    ["start", folder.checkpointPath],
    [
      "best",
      best &&
        `${folder.bestPath}, of step ${best.step}: ${best.validation.kernelPsnr.toFixed(2)} dB kernel PSNR`,
    ],
    ["adapter", adapterText(engine.adapter)],
    [
      "time",
      last && `${(last.seconds / 60).toFixed(1)} min, ${last.millisecondsPerStep} ms a step in the end`,
    ],
  ])}`;
}

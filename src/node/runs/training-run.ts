import { resolve } from "node:path";
import type { AdapterDescription } from "../../engine/device/adapter.js";
import type { Engine } from "../../engine/device/engine.js";
import { type Checkpoint, encodeCheckpoint, initialState } from "../../train/checkpoint.js";
import type { CommonSettings, Schedule, Training, TrainingImages } from "../../train/training.js";
import type { WeightFile } from "../../weights/weight-file.js";
import type { AdapterChoice } from "../device/adapters.js";
import { createEngine } from "../device/create-engine.js";
import { lossBehind } from "../device/device-loss.js";
import { lockFolder, type Unlock } from "../files/folder-lock.js";
import { compressJpeg } from "../image-io/compress-jpeg.js";
import type { DataFolders, DataSource, LoadedData, TrainingFiles } from "./data-source.js";
import { RunError, StoppedError } from "./errors.js";
import { numberFile } from "./number-file.js";
import type { RunDisplay, RunProgress } from "./progress.js";
import { type RunConfig, runMetadata } from "./run-config.js";
import { RunFolder } from "./run-folder.js";
import { IMAGE_SOURCE } from "./training-images.js";
import { TrainingLoop } from "./training-loop.js";

/** What a run is asked to do. */
export interface RunPlan<Settings extends CommonSettings> extends DataFolders {
  readonly settings: Settings;
  readonly schedule: Schedule;
  /** Weights to begin with, and their file's SHA-256; undefined for the training's own. */
  readonly init?: { readonly file: WeightFile; readonly sha256: string };
}

/** Options of {@link trainingRun}. */
export interface RunRequest<Settings extends CommonSettings, Data = TrainingImages> {
  readonly training: Training<Settings, Data>;
  /** The run folder. */
  readonly out: string;
  /** Whether to continue the run in the folder instead of beginning one. */
  readonly resume: boolean;
  /**
   * Decides what to do.
   * @param saved the configuration of the run that is resumed.
   */
  readonly plan: (saved?: RunConfig<Settings>) => Promise<RunPlan<Settings>>;
  /** The package's version. */
  readonly version: string;
  readonly adapter?: AdapterChoice;
  readonly signal: AbortSignal;
  readonly display: RunDisplay;
  /** Called where a resumed run continues on another adapter. */
  readonly onOtherAdapter?: (before: AdapterDescription, now: AdapterDescription) => void;
}

/** A request, and how its data are read. */
interface SourcedRequest<Settings extends CommonSettings, Data> extends RunRequest<Settings, Data> {
  readonly source: DataSource<Settings, Data>;
}

/** How a run ended. */
export interface RunResult {
  readonly folder: RunFolder;
  /** Undefined if the run had taken all its steps before. */
  readonly adapter?: AdapterDescription;
}

/** How often a run goes on by itself after the loss of a device. */
const MAX_LOSSES = 3;

/**
 * Trains a network on images in a run folder: begins a run, or continues one with bit-identical results. A folder's lock keeps
 * other processes away.
 * @throws {RunError} if the folder does not fit.
 * @throws {OutputError} if another process uses the folder, or it cannot be written.
 * @throws {ImageError} if there are no images to learn from.
 * @throws {StoppedError} if the signal is aborted once the run has begun.
 * @throws {NumericalError} if the training diverges.
 * @throws {DeviceLostError} if a device is lost for the fourth time.
 */
export function trainingRun<Settings extends CommonSettings>(
  request: RunRequest<Settings>,
): Promise<RunResult> {
  return trainingRunFrom<Settings, TrainingImages>(IMAGE_SOURCE, request);
}

/**
 * {@link trainingRun} on data of any kind.
 * @throws what the source throws, besides.
 */
export async function trainingRunFrom<Settings extends CommonSettings, Data>(
  source: DataSource<Settings, Data>,
  given: RunRequest<Settings, Data>,
): Promise<RunResult> {
  const request = { ...given, source };
  const { out, resume } = request;
  let unlock: Unlock | undefined;
  try {
    if (resume) {
      // Reports a folder without a run; its contents may change before it is locked.
      await RunFolder.open(out);
      unlock = await lockFolder(out);
    }
    const prepared = await prepare(request);
    const { resumed, plan } = prepared;
    if (resumed && prepared.checkpoint.state.step >= plan.schedule.steps) return { folder: resumed };
    return await trainOnDevices(request, prepared, (made) => {
      unlock = made;
    });
  } finally {
    await unlock?.();
  }
}

/**
 * Trains to the end. After the loss of a device, it goes on from the last checkpoint with a new one.
 * @param onLock called with what unlocks the folder once a new run has begun.
 */
async function trainOnDevices<Settings extends CommonSettings, Data>(
  request: SourcedRequest<Settings, Data>,
  first: Prepared<Settings>,
  onLock: (unlock: Unlock) => void,
): Promise<RunResult> {
  const { out, adapter, signal, display, version, training } = request;
  let prepared = first;
  for (let losses = 0; ; losses++) {
    signal.throwIfAborted();
    const engine = await createEngine({ adapter });
    let folder = prepared.resumed;
    try {
      const data = await loadData(request, prepared);
      const config = runConfig(request, prepared, engine.adapter, data);
      if (folder) await continueRun(folder, config, prepared.checkpoint, request, engine);
      else {
        const begun = await RunFolder.create(out, config, firstCheckpoint(prepared, config));
        folder = begun.folder;
        onLock(begun.unlock);
      }
      await train(request, prepared, engine, data, folder);
      return { folder, adapter: engine.adapter };
    } catch (error) {
      const loss = await lossBehind(error, engine);
      if (!loss || signal.aborted || losses === MAX_LOSSES) throw loss ?? error;
      if (folder) {
        prepared = {
          ...prepared,
          resumed: folder,
          checkpoint: await folder.readCheckpoint(version, training),
        };
      }
      display.say(
        `The GPU device was lost; on with a new one from step ${prepared.checkpoint.state.step} (${losses + 1} of ${MAX_LOSSES} times).`,
      );
    } finally {
      freeWhenIdle(engine, signal);
    }
  }
}

/** Frees an engine; after a stop only once its device is idle, since freeing one that computes or compiles blocks this thread. */
function freeWhenIdle(engine: Engine, { aborted }: AbortSignal): void {
  const free = (): void => engine.dispose();
  if (aborted) engine.synchronize().then(free, free);
  else free();
}

/** Everything that is known, and checked, before a device is opened and something is written. */
interface Prepared<Settings extends CommonSettings> {
  readonly plan: RunPlan<Settings>;
  readonly files: TrainingFiles;
  /** Where the training begins or continues. */
  readonly checkpoint: Checkpoint;
  readonly resumed?: RunFolder;
}

async function prepare<Settings extends CommonSettings, Data>({
  source,
  training,
  out,
  resume,
  plan: makePlan,
  version,
  signal,
}: SourcedRequest<Settings, Data>): Promise<Prepared<Settings>> {
  const resumed = resume ? await RunFolder.open(out) : undefined;
  if (resumed && resumed.config.training !== training.name) {
    throw new RunError(
      `${out} holds a run of train ${resumed.config.training}, not of train ${training.name}: resume it with metakernelgan train ${resumed.config.training}, or choose another folder.`,
    );
  }
  // Only a run of this training has its settings.
  const plan = await makePlan(resumed?.config as RunConfig<Settings> | undefined);
  if (!resumed) await RunFolder.assertFree(out);
  const checkpoint = resumed
    ? await resumed.readCheckpoint(version, training)
    : beginning(training, training.initialize(plan.settings, plan.init?.file));
  const files = await source.list(plan, signal);
  if (resumed && resumed.config.settings.files !== files.sha256) {
    throw new RunError(
      `The run in ${out} was begun with other ${source.what} than those in ${plan.data.join(", ")}: give the same ${source.what}, or choose another folder.`,
    );
  }
  return { plan, files, checkpoint, resumed };
}

function beginning({ trainedShapes }: Pick<Training, "trainedShapes">, network: WeightFile): Checkpoint {
  return { network, state: initialState(network, trainedShapes(network)) };
}

async function loadData<Settings extends CommonSettings, Data>(
  { source, training, signal, display }: SourcedRequest<Settings, Data>,
  { plan: { settings }, files }: Prepared<Settings>,
): Promise<LoadedData<Data>> {
  const progress = await display.open(files.paths.length + files.heldOut.length, 0, source.what);
  const skipped: string[] = [];
  try {
    const data = await source.load(files, {
      settings,
      cropSize: training.cropSize(settings),
      signal,
      onSkip: (reason) => skipped.push(reason),
      onProgress: (count) => progress.update(count),
    });
    progress.stop();
    for (const reason of skipped) display.say(`Left out: ${reason}`);
    const counts = [
      `${data.training} to learn from`,
      `${data.heldOut} for validation`,
      `${skipped.length} left out`,
    ];
    const [first = "", ...rest] = source.what;
    display.say(`${first.toUpperCase()}${rest.join("")}: ${counts.join(", ")}.`);
    return data;
  } finally {
    progress.stop();
  }
}

function runConfig<Settings extends CommonSettings, Data>(
  { training, version }: SourcedRequest<Settings, Data>,
  { plan, files, resumed }: Prepared<Settings>,
  adapter: AdapterDescription,
  loaded: LoadedData<Data>,
): RunConfig<Settings> {
  const { steps } = plan.schedule;
  return {
    version,
    training: training.name,
    adapter: resumed?.config.adapter ?? adapter,
    data: plan.data.map((folder) => resolve(folder)),
    heldOut: plan.heldOut?.map((folder) => resolve(folder)),
    images: loaded.training + loaded.heldOut,
    settings: {
      ...plan.settings,
      ...(training.fixesSteps(plan.settings) ? { steps } : {}),
      files: files.sha256,
      init: resumed ? resumed.config.settings.init : (plan.init?.sha256 ?? null),
    },
    schedule: plan.schedule,
  };
}

function firstCheckpoint<Settings extends CommonSettings>(
  { checkpoint: { network, state } }: Prepared<Settings>,
  config: RunConfig<Settings>,
): WeightFile {
  const metadata = { ...network.metadata, ...runMetadata(config) };
  return encodeCheckpoint(state, { tensors: network.tensors, metadata });
}

async function continueRun<Settings extends CommonSettings, Data>(
  folder: RunFolder,
  config: RunConfig<Settings>,
  { state }: Checkpoint,
  { onOtherAdapter }: SourcedRequest<Settings, Data>,
  { adapter }: Engine,
): Promise<void> {
  const before = folder.config.adapter;
  if (adapter.name !== before.name || adapter.kind !== before.kind) onOtherAdapter?.(before, adapter);
  await folder.resumeAt(state.step, config);
}

async function train<Settings extends CommonSettings, Data>(
  { training, out, signal, display }: SourcedRequest<Settings, Data>,
  { plan, checkpoint: { network, state } }: Prepared<Settings>,
  engine: Engine,
  data: LoadedData<Data>,
  folder: RunFolder,
): Promise<void> {
  const { steps } = plan.schedule;
  const canValidate = data.heldOut > 0;
  const preparation = preparationDisplay(display);
  const trainer = await training
    .create(engine, {
      settings: plan.settings,
      steps,
      ...data.take(),
      network,
      store: numberFile(folder.samplesPath),
      compressJpeg,
      signal,
      onProgress: preparation.update,
    })
    .catch((error: unknown) => {
      if (!signal.aborted || error !== signal.reason) throw error;
      throw new StoppedError(`Stopped; the ${preparation.kept()} are kept`, training.name, out);
    })
    .finally(preparation.stop);
  const progress = await display.open(steps, state.step, "steps");
  try {
    trainer.restore(state);
    const parts = { engine, training, trainer, folder, canValidate, progress, signal };
    await new TrainingLoop(parts, state.step).run();
  } finally {
    progress.stop();
    trainer.dispose();
  }
}

/** Shows what a training makes before its first step, if it makes something. */
function preparationDisplay(display: RunDisplay) {
  let progress: Promise<RunProgress> | undefined;
  let began = 0;
  let first = 0;
  let kept = "results so far";
  return {
    update(done: number, total: number, unit: string): void {
      if (!progress) {
        [began, first] = [performance.now(), done];
        progress = display.open(total, done, unit);
      }
      kept = `${done} of ${total} ${unit}`;
      const each = (performance.now() - began) / Math.max(1, done - first);
      void progress.then((shown) => {
        shown.update(done, done > first ? `${Math.round(each)} ms each` : undefined);
        if (done === total) shown.reached(`${total} ${unit}.`);
      });
    },
    kept: () => kept,
    stop: async (): Promise<void> => (await progress)?.stop(),
  };
}

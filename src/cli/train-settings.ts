import type { AdapterChoice } from "../node/adapters.js";
import type { RunConfig, RunNumbers, RunSchedule } from "../node/run-folder.js";
import { META_TRAINING } from "../train/training-config.js";
import { UsageError } from "./errors.js";

/** The options of `metakernelgan train`, as Commander gives them: those that were not given are undefined. */
export interface TrainCommandOptions extends Partial<RunSchedule> {
  readonly data?: readonly string[];
  readonly out: string;
  readonly resume?: boolean;
  readonly method?: RunNumbers["method"];
  readonly seed?: number;
  readonly tasks?: number;
  readonly evaluations?: readonly number[];
  readonly holdOut?: number;
  readonly weights?: string;
  readonly adapter?: AdapterChoice;
}

/** What was asked for, by options, by the run that is resumed, or by default. */
export interface TrainSettings {
  readonly data: readonly string[];
  readonly numbers: Omit<RunNumbers, "files" | "weights">;
  readonly schedule: RunSchedule;
}

/** What an option is unless it is given. */
export const TRAIN_DEFAULTS = {
  method: "meta",
  seed: META_TRAINING.seed,
  tasks: META_TRAINING.tasksPerStep,
  holdOut: 40,
  steps: META_TRAINING.steps,
  checkpointEvery: 500,
  validateEvery: 2000,
  validateSteps: 200,
  logEvery: 20,
} as const;

/**
 * Settles the options. A resumed run goes on as it was begun, and only its schedule can be changed.
 * @throws {UsageError} if they do not fit each other.
 * @throws {UsageError} if the run that is resumed was begun with others.
 */
export function trainSettings(options: TrainCommandOptions, saved?: RunConfig): TrainSettings {
  const data = options.data ?? saved?.data;
  if (!data) throw new UsageError("Name at least one folder of images with --data.");
  if (saved && options.weights !== undefined) {
    throw new UsageError("A resumed run has its start already; leave --weights out.");
  }
  const method = options.method ?? saved?.numbers.method ?? TRAIN_DEFAULTS.method;
  const evaluations = options.evaluations ?? saved?.numbers.evaluations ?? evaluationsOf(method);
  const numbers = {
    method,
    seed: options.seed ?? saved?.numbers.seed ?? TRAIN_DEFAULTS.seed,
    tasks: options.tasks ?? saved?.numbers.tasks ?? TRAIN_DEFAULTS.tasks,
    evaluations,
    holdOut: options.holdOut ?? saved?.numbers.holdOut ?? TRAIN_DEFAULTS.holdOut,
  };
  if (options.evaluations && method === "dataset") {
    throw new UsageError("--method dataset has no inner loop, so --evaluations does not go with it.");
  }
  if (!options.evaluations?.every((step, i, all) => step > (all[i - 1] ?? 0)) && options.evaluations) {
    throw new UsageError(`--evaluations names inner steps from 1 up, each later than the one before.`);
  }
  if (numbers.holdOut === 1) throw new UsageError("--hold-out 1 leaves no image to learn from.");
  if (saved) assertSame(options.out, numbers, saved.numbers);
  return {
    data,
    numbers,
    schedule: { ...scheduleOf(TRAIN_DEFAULTS), ...saved?.schedule, ...given(options) },
  };
}

/** @throws {UsageError} naming what differs. */
function assertSame(path: string, asked: TrainSettings["numbers"], saved: RunNumbers): void {
  for (const name of ["method", "seed", "tasks", "evaluations", "holdOut"] as const) {
    if (String(asked[name]) === String(saved[name])) continue;
    const option = name === "holdOut" ? "hold-out" : name;
    throw new UsageError(
      `The run in ${path} was begun with --${option} ${saved[name]}, not ${asked[name]}: leave the option out to resume it, or choose another folder.`,
    );
  }
}

function evaluationsOf(method: RunNumbers["method"]): readonly number[] {
  return method === "meta" ? META_TRAINING.evaluations : [0];
}

function scheduleOf(source: RunSchedule): RunSchedule {
  const { steps, checkpointEvery, validateEvery, validateSteps, logEvery } = source;
  return { steps, checkpointEvery, validateEvery, validateSteps, logEvery };
}

/** The schedule's options that were given. */
function given(options: TrainCommandOptions): Partial<RunSchedule> {
  const schedule = scheduleOf(options as RunSchedule);
  return Object.fromEntries(Object.entries(schedule).filter(([, value]) => value !== undefined));
}

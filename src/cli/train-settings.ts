import type { AdapterChoice } from "../node/adapters.js";
import type { RunConfig, RunNumbers, RunSchedule } from "../node/run-folder.js";
import { META_TRAINING } from "../train/training-config.js";
import { UsageError } from "./errors.js";

/** The options that the numbers of a run depend on. */
export type NumberOptions = Omit<RunNumbers, "files" | "weights">;

/** The options of `metakernelgan train`, as Commander gives them: those that were not given are undefined. */
export interface TrainCommandOptions extends Partial<NumberOptions>, Partial<RunSchedule> {
  readonly data?: readonly string[];
  readonly out: string;
  readonly resume?: boolean;
  readonly weights?: string;
  readonly adapter?: AdapterChoice;
}

/** What was asked for, by options, by the run that is resumed, or by default. */
export interface TrainSettings {
  readonly data: readonly string[];
  readonly numbers: NumberOptions;
  readonly schedule: RunSchedule;
}

const NUMBER_NAMES = [
  "method",
  "seed",
  "innerLoop",
  "tasks",
  "evaluations",
  "rate",
  "learn",
  "kernelPixels",
  "generator",
  "holdOut",
] as const satisfies readonly (keyof NumberOptions)[];

const SCHEDULE_NAMES = [
  "steps",
  "checkpointEvery",
  "validateEvery",
  "validateSteps",
  "logEvery",
] as const satisfies readonly (keyof RunSchedule)[];

/** What an option is unless it is given. */
export const TRAIN_DEFAULTS = {
  method: "meta",
  seed: META_TRAINING.seed,
  innerLoop: META_TRAINING.innerLoop,
  tasks: META_TRAINING.tasksPerStep,
  rate: META_TRAINING.rate,
  learn: META_TRAINING.learn,
  kernelPixels: "on",
  generator: "weights",
  holdOut: 40,
  steps: META_TRAINING.steps,
  checkpointEvery: 500,
  validateEvery: 2000,
  validateSteps: 200,
  logEvery: 20,
} as const;

/** What the steady inner loop changes in them: its generator is made, and only the discriminator's start is learned. */
export const STEADY_DEFAULTS = {
  tasks: 4,
  evaluations: [5, 10, 15, 20],
  rate: 1e-3,
  learn: "discriminator",
  generator: "gaussians",
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
  const asked = pick(options, NUMBER_NAMES);
  const { method = saved?.numbers.method ?? TRAIN_DEFAULTS.method } = options;
  const unasked = saved
    ? pick(saved.numbers, NUMBER_NAMES)
    : {
        ...TRAIN_DEFAULTS,
        evaluations: evaluationsOf(method),
        ...(options.innerLoop === "steady" ? STEADY_DEFAULTS : {}),
      };
  const numbers = pick({ ...unasked, ...asked } as NumberOptions, NUMBER_NAMES) as NumberOptions;
  if (options.evaluations && method === "dataset") {
    throw new UsageError("--method dataset has no inner loop, so --evaluations does not go with it.");
  }
  if (numbers.innerLoop === "steady" && method === "dataset") {
    throw new UsageError("--method dataset has no inner loop, so --inner-loop does not go with it.");
  }
  if (numbers.innerLoop === "steady" && numbers.kernelPixels === "off") {
    throw new UsageError(
      "--inner-loop steady learns from the kernel alone, so --kernel-pixels off does not go with it.",
    );
  }
  if (!options.evaluations?.every((step, i, all) => step > (all[i - 1] ?? 0)) && options.evaluations) {
    throw new UsageError(`--evaluations names inner steps from 1 up, each later than the one before.`);
  }
  if (numbers.holdOut === 1) throw new UsageError("--hold-out 1 leaves no image to learn from.");
  if (saved) assertSame(options.out, numbers, saved.numbers);
  return {
    data,
    numbers,
    schedule: {
      ...pick(TRAIN_DEFAULTS, SCHEDULE_NAMES),
      ...saved?.schedule,
      ...pick(options, SCHEDULE_NAMES),
    },
  };
}

/** @throws {UsageError} naming what differs. */
function assertSame(path: string, asked: NumberOptions, saved: RunNumbers): void {
  for (const name of NUMBER_NAMES) {
    if (String(asked[name]) === String(saved[name])) continue;
    const option = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(
      `The run in ${path} was begun with --${option} ${saved[name]}, not ${asked[name]}: leave the option out to resume it, or choose another folder.`,
    );
  }
}

function evaluationsOf(method: RunNumbers["method"]): readonly number[] {
  return method === "meta" ? META_TRAINING.evaluations : [0];
}

/** Those of an object's properties that have these names and are defined. */
function pick<T extends object, Name extends keyof T>(from: T, names: readonly Name[]): Pick<T, Name> {
  return Object.fromEntries(
    names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])),
  ) as Pick<T, Name>;
}

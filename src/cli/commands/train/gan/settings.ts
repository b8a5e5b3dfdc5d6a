import type { AdapterChoice } from "../../../../node/device/adapters.js";
import type { RunConfig, RunNumbers, RunSchedule } from "../../../../node/runs/run-folder.js";
import { META_TRAINING } from "../../../../train/meta/meta-training-config.js";
import { UsageError } from "../../../shared/errors.js";

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

/** What is otherwise where the discriminator is taught blur: the generator is made, not learned. */
export const BLUR_DEFAULTS = {
  tasks: 16,
  rate: 3e-3,
  learn: "discriminator",
  generator: "gaussians",
  steps: 8000,
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
  const defaults = method === "blur" ? { ...TRAIN_DEFAULTS, ...BLUR_DEFAULTS } : TRAIN_DEFAULTS;
  const unasked = saved
    ? pick(saved.numbers, NUMBER_NAMES)
    : { ...defaults, evaluations: evaluationsOf(method) };
  const numbers = pick({ ...unasked, ...asked } as NumberOptions, NUMBER_NAMES) as NumberOptions;
  assertFits(method, options);
  if (!options.evaluations?.every((step, i, all) => step > (all[i - 1] ?? 0)) && options.evaluations) {
    throw new UsageError(`--evaluations names inner steps from 1 up, each later than the one before.`);
  }
  if (numbers.holdOut === 1) throw new UsageError("--hold-out 1 leaves no image to learn from.");
  if (saved) assertSame(options.out, numbers, saved.numbers);
  return {
    data,
    numbers,
    schedule: {
      ...pick(defaults, SCHEDULE_NAMES),
      ...saved?.schedule,
      ...pick(options, SCHEDULE_NAMES),
    },
  };
}

/** @throws {UsageError} for options that a method knows nothing of. */
function assertFits(method: RunNumbers["method"], options: TrainCommandOptions): void {
  const refuse = (option: string, why: string): never => {
    throw new UsageError(`--method ${method} ${why}, so --${option} does not go with it.`);
  };
  if (method !== "meta" && options.evaluations) refuse("evaluations", "has no inner loop");
  if (method !== "blur") return;
  if (options.learn && options.learn !== "discriminator") {
    refuse(`learn ${options.learn}`, "teaches the discriminator alone");
  }
  if (options.kernelPixels === "off") refuse("kernel-pixels off", "has no meta-losses");
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

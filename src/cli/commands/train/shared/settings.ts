import type { DataFolders } from "../../../../node/runs/data-source.js";
import type { RunConfig } from "../../../../node/runs/run-config.js";
import type { CommonSettings, Schedule, Training } from "../../../../train/training.js";
import { UsageError } from "../../../shared/errors.js";

/** Values from the options, the run that is resumed, or the defaults. */
export interface ResolvedOptions<Settings extends CommonSettings> extends DataFolders {
  readonly settings: Settings;
  readonly schedule: Schedule;
}

/** The options of `metakernelgan train`, as Commander gives them: undefined where they were not given. */
export type TrainOptions<Settings extends CommonSettings> = Partial<Settings> &
  Partial<Schedule> & {
    readonly data?: readonly string[];
    readonly heldOut?: readonly string[];
    readonly out: string;
    readonly resume?: boolean;
    readonly init?: string;
  };

const SCHEDULE_NAMES = [
  "steps",
  "checkpointEvery",
  "logEvery",
  "validateEvery",
  "validateSteps",
] as const satisfies readonly (keyof Schedule)[];

/**
 * Resolves the options of a training. A resumed run keeps its settings, and only its schedule can change.
 * @param check throws a {@link UsageError} if settings do not fit each other.
 * @throws {UsageError} if an option is missing, or differs from the run that is resumed.
 */
export function resolveOptions<Settings extends CommonSettings>(
  training: Pick<Training<Settings>, "defaults" | "fixesSteps" | "weightsOption">,
  options: TrainOptions<Settings>,
  saved?: RunConfig<Settings>,
  check: (settings: Settings) => void = () => {},
): ResolvedOptions<Settings> {
  const data = options.data ?? saved?.data;
  if (!data) throw new UsageError("Name at least one folder of images with --data.");
  if (saved && options.init !== undefined) {
    throw new UsageError(
      `A resumed run has its initialization already: leave --${training.weightsOption} out.`,
    );
  }
  const defaults = training.defaults(saved?.settings ?? options);
  const names = Object.keys(defaults).filter((name) => !(SCHEDULE_NAMES as readonly string[]).includes(name));
  const settingNames = names as (keyof Settings)[];
  const asked = pick<Settings>(options, settingNames);
  const settings = {
    ...pick<Settings>(defaults, settingNames),
    ...(saved && pick<Settings>(saved.settings, settingNames)),
    ...asked,
  } as Settings;
  check(settings);
  if (settings.holdOut === 1)
    throw new UsageError("--hold-out 1 leaves no image to learn from: give 0, or 2 and more.");
  const schedule: Schedule = {
    ...(pick<Schedule>(defaults, SCHEDULE_NAMES) as Schedule),
    ...saved?.schedule,
    ...pick<Schedule>(options, SCHEDULE_NAMES),
  };
  if (saved) {
    for (const name of settingNames)
      assertSame(options.out, String(name), settings[name], saved.settings[name]);
    if (training.fixesSteps(settings) && schedule.steps !== saved.schedule.steps) {
      throw new UsageError(
        `The run in ${options.out} was begun with --steps ${saved.schedule.steps}, not ${schedule.steps}, and its learning rate follows from that: set --steps at the start; it cannot change on resume.`,
      );
    }
  }
  return { data, heldOut: options.heldOut ?? saved?.heldOut, settings, schedule };
}

/** @throws {UsageError} if a setting differs from that of the run. */
function assertSame(path: string, name: string, asked: unknown, saved: unknown): void {
  if (String(asked) === String(saved)) return;
  const option = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(
    `The run in ${path} was begun with --${option} ${saved}, not ${asked}: leave the option out to resume it, or choose another folder.`,
  );
}

/** Those of an object's properties that have these names and are defined. */
function pick<T extends object>(from: Partial<T>, names: readonly (keyof T)[]): Partial<T> {
  return Object.fromEntries(
    names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])),
  ) as Partial<T>;
}

import { createHash } from "node:crypto";
import type { AdapterDescription } from "../../engine/device/adapter.js";
import type { CommonSettings, Schedule } from "../../train/training.js";
import { RunError } from "./errors.js";

/** Everything that the numbers of a run depend on: the training's settings, and its inputs. */
export type RunSettings<Settings extends CommonSettings = CommonSettings> = Settings & {
  /** Steps of the whole run, only where the rate of a step depends on it. */
  readonly steps?: number;
  /** SHA-256 of the image files' names and contents, in their order. */
  readonly files: string;
  /** SHA-256 of the weights that the run begins with; null for the training's own. */
  readonly init: string | null;
};

/** `config.json` of a run folder. */
export interface RunConfig<Settings extends CommonSettings = CommonSettings> {
  /** The package's version. */
  readonly version: string;
  /** Name of the training. */
  readonly training: string;
  /** The adapter that the run was begun on. */
  readonly adapter: AdapterDescription;
  /** The folders of images. */
  readonly data: readonly string[];
  /** The folders for validation alone, if there are any. */
  readonly heldOut?: readonly string[];
  /** How many images can be used, those for validation included. */
  readonly images: number;
  readonly settings: RunSettings<Settings>;
  readonly schedule: Schedule;
}

/** A name for what the numbers of a run depend on; its checkpoints carry it. */
export function runIdentity({ training, settings }: Pick<RunConfig, "training" | "settings">): string {
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([training, sorted]);
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** Metadata of the weights of a run: which version and run they are of, and how they were trained. */
export function runMetadata(
  config: Pick<RunConfig, "version" | "training" | "settings">,
): Record<string, string> {
  const settings = Object.entries(config.settings).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return {
    ...Object.fromEntries(settings.map(([name, value]) => [name, String(value)])),
    version: config.version,
    training: config.training,
    run: runIdentity(config),
  };
}

/**
 * Reads the text of `config.json`.
 * @throws {RunError} if it does not describe a run.
 */
export function parseRunConfig(path: string, text: string): RunConfig {
  try {
    const config = JSON.parse(text) as RunConfig;
    const { training, settings, schedule, data, adapter } = config;
    const counts = [schedule.steps, schedule.checkpointEvery, schedule.logEvery, schedule.validateSteps];
    if (
      counts.every((count) => Number.isInteger(count) && count > 0) &&
      Number.isInteger(schedule.validateEvery) &&
      Number.isInteger(settings.seed) &&
      typeof training === "string" &&
      [adapter.name, adapter.kind, ...data].every((text) => typeof text === "string")
    ) {
      return config;
    }
  } catch {
    // Reported like a file with something else in it.
  }
  throw new RunError(
    `${path} is damaged, or of another version: it does not describe a run. Choose another folder.`,
  );
}

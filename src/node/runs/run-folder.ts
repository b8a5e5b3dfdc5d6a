import { createHash, randomBytes } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { AdapterDescription } from "../../engine/device/adapter.js";
import { EngineError } from "../../engine/errors.js";
import { decodeCheckpoint } from "../../train/meta/checkpoint.js";
import type { MetaTrainingState } from "../../train/meta/meta-training.js";
import type { MetaTrainingConfig, TrainingMethod } from "../../train/meta/meta-training-config.js";
import type { OuterLosses } from "../../train/meta/outer-step.js";
import type { ValidationResult } from "../../train/meta/validation.js";
import { parseSafetensors, serializeSafetensors } from "../../weights/safetensors.js";
import type { WeightFile } from "../../weights/weight-file.js";
import { OutputError } from "../errors.js";
import { outputError, writeFileAtomic } from "../files/atomic-write.js";
import { systemErrorCode } from "../files/system-errors.js";

/** A folder of a training run that is missing, damaged, in the way, or of another run. */
export class RunError extends EngineError {
  override name = "RunError";
}

/** All that the numbers of a run depend on; how far it goes and what is written on the way is not among them. */
export interface RunNumbers {
  readonly method: TrainingMethod;
  readonly seed: number;
  readonly tasks: number;
  readonly evaluations: readonly number[];
  /** Adam's learning rate. */
  readonly rate: number;
  /** Whose start is learned. */
  readonly learn: MetaTrainingConfig["learn"];
  /** Whether the kernel-pixel loss is part of the meta-loss. */
  readonly kernelPixels: "on" | "off";
  /** Every so many-th image is kept for validation; 0 for none. */
  readonly holdOut: number;
  /** SHA-256 of the image files' names and contents, in their order. */
  readonly files: string;
  /** SHA-256 of the weights that the run starts from; null for its own. */
  readonly weights: string | null;
  /** Which generator it starts from: that of the weights, or a bank of Gaussians. */
  readonly generator: "weights" | "gaussians";
}

/** How far a run goes, and what is written on the way. */
export interface RunSchedule {
  readonly steps: number;
  readonly checkpointEvery: number;
  readonly validateEvery: number;
  readonly validateSteps: number;
  readonly logEvery: number;
}

/** `config.json`. */
export interface RunConfig {
  readonly version: string;
  readonly adapter: AdapterDescription;
  /** The folders of images. */
  readonly data: readonly string[];
  /** How many images can be used, those for validation included. */
  readonly images: number;
  readonly numbers: RunNumbers;
  readonly schedule: RunSchedule;
}

/** A line of the log about a training step. */
export interface StepEntry {
  readonly step: number;
  /** For each evaluation, of the step's last task. */
  readonly losses: readonly OuterLosses[];
  /** Spent on training so far. */
  readonly seconds: number;
  readonly millisecondsPerStep: number;
  readonly multiplyAddsPerStep: number;
}

/** A line of the log about a validation. */
export interface ValidationEntry {
  readonly step: number;
  readonly validation: ValidationResult;
}

export type LogEntry = StepEntry | ValidationEntry;

const CONFIG = "config.json";
const LOG = "log.jsonl";
const CHECKPOINT = "checkpoint.safetensors";
const BEST = "best.safetensors";
const CURVES = "curves.svg";

/** What {@link writeFileAtomic} leaves behind where the process is killed. */
const LEFTOVER = /^\.[0-9a-f]{12}\.tmp$/;

/** The folder of a training run. Whatever kills the process, what lies there is a run that can be resumed. */
export class RunFolder {
  private constructor(
    readonly path: string,
    private current: RunConfig,
    private log: LogEntry[],
  ) {}

  /**
   * Checks that a run can begin in a folder: it is not there, or empty.
   * @throws {RunError} if it is not.
   */
  static async assertFree(path: string): Promise<void> {
    const names = await readdir(path).catch((error: unknown): string[] => {
      if (systemErrorCode(error) === "ENOENT") return [];
      if (systemErrorCode(error) === "ENOTDIR") throw new OutputError(`${path} is a file; name a folder.`);
      throw outputError(path, error);
    });
    if (names.includes(CONFIG)) {
      throw new RunError(`${path} holds a run already: go on with --resume, or choose another folder.`);
    }
    if (names.length > 0) throw new RunError(`${path} is not empty: choose another folder for the run.`);
  }

  /**
   * Begins a run. The folder appears complete or not at all.
   * @param checkpoint of step 0.
   * @throws {OutputError} if it cannot be written.
   */
  static async create(path: string, config: RunConfig, checkpoint: WeightFile): Promise<RunFolder> {
    const target = resolve(path);
    const temporary = join(dirname(target), `.${basename(target)}-${randomBytes(4).toString("hex")}.tmp`);
    try {
      await mkdir(temporary, { recursive: true });
      const folder = new RunFolder(temporary, config, []);
      await folder.writeCheckpoint(checkpoint);
      await folder.writeConfig(config);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      throw error instanceof OutputError ? error : outputError(path, error);
    }
    return new RunFolder(path, config, []);
  }

  /**
   * Opens a run and changes nothing.
   * @throws {RunError} if there is none, or it is damaged.
   */
  static async open(path: string): Promise<RunFolder> {
    const text = await readFile(join(path, CONFIG), "utf8").catch((cause: unknown) => {
      if (["ENOENT", "ENOTDIR"].includes(systemErrorCode(cause) ?? "")) {
        throw new RunError(`${path} holds no run to resume; leave --resume out to begin one.`, { cause });
      }
      throw new RunError(`${join(path, CONFIG)} cannot be read: ${(cause as Error).message}.`, { cause });
    });
    return new RunFolder(path, parseConfig(join(path, CONFIG), text), await readLog(join(path, LOG)));
  }

  /** What `config.json` says. */
  get config(): RunConfig {
    return this.current;
  }

  /** The log so far. */
  get entries(): readonly LogEntry[] {
    return this.log;
  }

  /** The validations so far. */
  get validations(): ValidationEntry[] {
    return this.log.filter((entry) => "validation" in entry);
  }

  /** The validation of the weights at {@link bestPath}, if there was any. */
  get bestValidation(): ValidationEntry | undefined {
    return this.validations.reduce<ValidationEntry | undefined>(
      (best, entry) => (entry.validation.kernelPsnr > (best?.validation.kernelPsnr ?? 0) ? entry : best),
      undefined,
    );
  }

  /** Where the last checkpoint lies. */
  get checkpointPath(): string {
    return join(this.path, CHECKPOINT);
  }

  /** Where the weights with the best validation lie. */
  get bestPath(): string {
    return join(this.path, BEST);
  }

  /**
   * Reads the last checkpoint.
   * @throws {RunError} if it is damaged, or of another version or run.
   */
  async readCheckpoint(version: string): Promise<MetaTrainingState> {
    const path = this.checkpointPath;
    const file = await readFile(path)
      .then((bytes) => parseSafetensors(new Uint8Array(bytes)))
      .catch((cause: Error) => {
        throw new RunError(`${path} cannot be resumed from: ${cause.message}`, { cause });
      });
    if (file.metadata.version !== version) {
      throw new RunError(
        `${path} is of version ${file.metadata.version ?? "unknown"}, and this is ${version}: resume with that version, or begin a run from it with --weights.`,
      );
    }
    if (file.metadata.run !== runIdentity(this.config.numbers)) {
      throw new RunError(`${path} does not belong to the run that ${CONFIG} beside it describes.`);
    }
    try {
      return decodeCheckpoint(file);
    } catch (cause) {
      throw new RunError(`${path} cannot be resumed from: ${(cause as Error).message}`, { cause });
    }
  }

  /** Takes up the run again after a step: what was logged later is dropped, and left-over files are removed. */
  async resumeAt(step: number, config: RunConfig): Promise<void> {
    for (const name of await readdir(this.path)) {
      if (LEFTOVER.test(name)) await rm(join(this.path, name));
    }
    this.log = this.log.filter((entry) => entry.step <= step);
    await writeFileAtomic(join(this.path, LOG), this.log.map(logLine).join(""));
    await this.writeConfig(config);
  }

  /** Adds a line to the log. */
  async append(entry: LogEntry): Promise<void> {
    const path = join(this.path, LOG);
    try {
      await appendFile(path, logLine(entry), { flush: true });
    } catch (error) {
      throw outputError(path, error);
    }
    this.log.push(entry);
  }

  async writeCheckpoint(file: WeightFile): Promise<void> {
    await writeFileAtomic(this.checkpointPath, serializeSafetensors(file));
  }

  async writeBest(file: WeightFile): Promise<void> {
    await writeFileAtomic(this.bestPath, serializeSafetensors(file));
  }

  async writeCurves(svg: string): Promise<void> {
    await writeFileAtomic(join(this.path, CURVES), svg);
  }

  private async writeConfig(config: RunConfig): Promise<void> {
    this.current = config;
    await writeFileAtomic(join(this.path, CONFIG), `${JSON.stringify(config, undefined, 2)}\n`);
  }
}

/** A name for what a run's numbers depend on; a checkpoint carries it. */
export function runIdentity(numbers: RunNumbers): string {
  const text = JSON.stringify(Object.entries(numbers).sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

function logLine(entry: LogEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

function parseConfig(path: string, text: string): RunConfig {
  try {
    const config = JSON.parse(text) as RunConfig;
    const { numbers, schedule, data } = config;
    const counts = [schedule.steps, schedule.checkpointEvery, schedule.logEvery, schedule.validateSteps];
    if (
      counts.every((count) => Number.isInteger(count) && count > 0) &&
      Number.isInteger(schedule.validateEvery) &&
      Number.isInteger(numbers.seed) &&
      Array.isArray(numbers.evaluations) &&
      Array.isArray(data)
    ) {
      return config;
    }
  } catch {
    // The same as a file with something else in it.
  }
  throw new RunError(`${path} is damaged: it does not describe a run.`);
}

/** The log's whole lines: where the process was killed while it wrote, the last one is torn. */
async function readLog(path: string): Promise<LogEntry[]> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    if (systemErrorCode(cause) === "ENOENT") return "";
    throw new RunError(`${path} cannot be read: ${(cause as Error).message}.`, { cause });
  });
  return text.split("\n").flatMap((line) => {
    try {
      const entry = JSON.parse(line);
      return Number.isInteger(entry?.step) ? [entry as LogEntry] : [];
    } catch {
      return [];
    }
  });
}

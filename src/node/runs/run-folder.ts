import { appendFile, mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { EngineError } from "../../engine/errors.js";
import { type Checkpoint, decodeCheckpoint } from "../../train/checkpoint.js";
import type { LogEntry, ValidationEntry } from "../../train/log.js";
import type { Training } from "../../train/training.js";
import { parseSafetensors, serializeSafetensors } from "../../weights/safetensors.js";
import type { WeightFile } from "../../weights/weight-file.js";
import { OutputError } from "../errors.js";
import { outputError, writeFileAtomic } from "../files/atomic-write.js";
import { isClaim, lockFolder, type Unlock } from "../files/folder-lock.js";
import { makeOutputFolder } from "../files/output-folder.js";
import { readRegularFile } from "../files/read-file.js";
import { readFailure, systemErrorCode } from "../files/system-errors.js";
import { noteTemporary } from "../files/temporaries.js";
import { isTemporaryName, removeLeftovers, temporaryName } from "../files/temporary-names.js";
import { RunError } from "./errors.js";
import { parseRunConfig, type RunConfig, runIdentity } from "./run-config.js";

const CONFIG = "config.json";
const LOG = "log.jsonl";
const CHECKPOINT = "checkpoint.safetensors";
const BEST = "best.safetensors";
const CURVES = "curves.svg";
const SAMPLES = "samples.f32";

/** Of each file of a run; a log of a million steps has 0.1 GB. */
const MAX_FILE_BYTES = 500_000_000;

/** The folder of a training run. Whatever kills the process, the folder holds a run that can be resumed. */
export class RunFolder {
  private constructor(
    readonly path: string,
    private current: RunConfig,
    private log: LogEntry[],
  ) {}

  /**
   * Checks that a run can begin in a folder: it is not there, or empty but for what a process that was killed has left.
   * @throws {RunError} if it is not.
   */
  static async assertFree(path: string): Promise<void> {
    const names = await readdir(path).catch((error: unknown): string[] => {
      if (systemErrorCode(error) === "ENOENT") return [];
      if (systemErrorCode(error) === "ENOTDIR") throw new OutputError(`${path} is a file; name a folder.`);
      throw outputError(path, error);
    });
    if (names.includes(CONFIG)) {
      throw new RunError(`${path} holds a run already: continue it with --resume, or choose another folder.`);
    }
    const leftovers = names.filter(isTemporaryName);
    // A run begins with its checkpoint, and its configuration comes at once.
    const others = names.filter(
      (name) => !isTemporaryName(name) && !isClaim(name) && !(name === CHECKPOINT && leftovers.length > 0),
    );
    if (others.length > 0) throw new RunError(`${path} is not empty: choose another folder for the run.`);
  }

  /**
   * Begins a run: within its folder, which may be a mount point. Whatever kills the process, the folder holds a run, or
   * nothing that keeps one from beginning.
   * @param checkpoint of step 0.
   * @throws {OutputError} if it cannot be written, or another process uses the folder.
   */
  static async create(
    path: string,
    config: RunConfig,
    checkpoint: WeightFile,
  ): Promise<{ folder: RunFolder; unlock: Unlock }> {
    const removeFolder = await makeOutputFolder(path);
    const staging = await temporaryName(path);
    const forget = noteTemporary(staging);
    let unlock: Unlock | undefined;
    try {
      unlock = await lockFolder(path);
      await RunFolder.assertFree(path);
      await removeLeftovers(path);
      await mkdir(staging);
      const staged = new RunFolder(staging, config, []);
      await staged.writeCheckpoint(checkpoint);
      await staged.writeConfig(config);
      for (const name of [CHECKPOINT, CONFIG]) await rename(join(staging, name), join(path, name));
      await rmdir(staging);
      return { folder: new RunFolder(path, config, []), unlock };
    } catch (error) {
      await rm(staging, { recursive: true, force: true });
      await unlock?.();
      await removeFolder();
      throw error instanceof EngineError ? error : outputError(path, error);
    } finally {
      forget();
    }
  }

  /**
   * Opens a run and changes nothing.
   * @throws {RunError} if there is none, or it is damaged.
   */
  static async open(path: string): Promise<RunFolder> {
    const bytes = await readRegularFile(join(path, CONFIG), MAX_FILE_BYTES).catch((cause: unknown) => {
      if (["ENOENT", "ENOTDIR"].includes(systemErrorCode(cause) ?? "")) {
        throw new RunError(`${path} holds no run to resume; leave --resume out to begin one.`, { cause });
      }
      throw new RunError(`${join(path, CONFIG)} cannot be read: ${readFailure(cause)}.`, { cause });
    });
    const config = parseRunConfig(join(path, CONFIG), bytes.toString());
    return new RunFolder(path, config, await readLog(join(path, LOG)));
  }

  /** The contents of `config.json`. */
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

  /**
   * The validation of the weights at {@link bestPath}, if there was any.
   * @param score the figure to compare.
   */
  bestValidation(score: string): ValidationEntry | undefined {
    return this.validations.reduce<ValidationEntry | undefined>(
      (best, entry) => ((entry.validation[score] ?? 0) > (best?.validation[score] ?? 0) ? entry : best),
      undefined,
    );
  }

  /** Path of the last checkpoint. */
  get checkpointPath(): string {
    return join(this.path, CHECKPOINT);
  }

  /** Path of the network to use: that with the best validation, or the latest of a run without validation. */
  get bestPath(): string {
    return join(this.path, BEST);
  }

  /** Path of numbers that the training makes once; see `NumberStore`. */
  get samplesPath(): string {
    return join(this.path, SAMPLES);
  }

  /**
   * Reads the last checkpoint.
   * @throws {RunError} if it is damaged, or of another version or run.
   */
  async readCheckpoint(
    version: string,
    { trainedShapes, weightsOption }: Pick<Training, "trainedShapes" | "weightsOption">,
  ): Promise<Checkpoint> {
    const path = this.checkpointPath;
    const cannotResume = (cause: unknown, reason: string): RunError =>
      new RunError(`${path} cannot be resumed from: ${reason}`, { cause });
    const bytes = await readRegularFile(path, MAX_FILE_BYTES).catch((cause: unknown) => {
      throw cannotResume(cause, `${readFailure(cause)}.`);
    });
    try {
      const file = parseSafetensors(new Uint8Array(bytes));
      const { version: written = "unknown", run } = file.metadata;
      if (written !== version) {
        throw new RunError(
          `${path} is of version ${written}, and this is ${version}: resume with that version, or begin a run from it with --${weightsOption}.`,
        );
      }
      if (run !== runIdentity(this.config)) {
        throw new RunError(`${path} does not belong to the run that ${CONFIG} beside it describes.`);
      }
      return decodeCheckpoint(file, trainedShapes);
    } catch (cause) {
      if (cause instanceof RunError) throw cause;
      throw cannotResume(cause, (cause as Error).message);
    }
  }

  /** Continues the run after a step: drops later lines of the log, and removes left-over files. */
  async resumeAt(step: number, config: RunConfig): Promise<void> {
    for (const name of await readdir(this.path)) {
      if (isTemporaryName(name)) await rm(join(this.path, name), { recursive: true });
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

function logLine(entry: LogEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** The log's whole lines: if the process was killed while it wrote, the last one is torn. */
async function readLog(path: string): Promise<LogEntry[]> {
  const text = await readRegularFile(path, MAX_FILE_BYTES).catch((cause: unknown) => {
    if (systemErrorCode(cause) === "ENOENT") return "";
    throw new RunError(`${path} cannot be read: ${readFailure(cause)}.`, { cause });
  });
  return text
    .toString()
    .split("\n")
    .flatMap((line) => {
      try {
        const entry = JSON.parse(line);
        return isLogEntry(entry) ? [entry] : [];
      } catch {
        return [];
      }
    });
}

function isLogEntry(entry: unknown): entry is LogEntry {
  const { step, losses, validation } = (entry ?? {}) as Record<string, unknown>;
  return Number.isInteger(step) && (Array.isArray(losses) || isObject(validation));
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

import { accessSync, constants, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "../../src/node/files/make-folder.js";
import { picture } from "./drawings/picture.js";
import { BenchError } from "./errors.js";
import type { BenchResult } from "./result/result.js";

/** Seconds between two writings of an unfinished result. */
const PAUSE = 1;

/** A result that grows, written to its file as it does. */
export class Recorder {
  private written = 0;

  private constructor(
    private current: BenchResult,
    readonly path: string,
  ) {}

  /**
   * Makes the folder of results: before a device is opened and tested, which takes seconds.
   * @throws {BenchError} if nothing can be written there.
   */
  static async prepareFolder(folder: string): Promise<void> {
    try {
      await makeFolder(folder);
      accessSync(folder, constants.W_OK);
    } catch (error) {
      Recorder.fail(folder, error as Error);
    }
  }

  /**
   * @param path of its files, without the ending; a number follows if another result has that name.
   * @throws {BenchError} if they cannot be written there.
   */
  static async open(result: BenchResult, path: string): Promise<Recorder> {
    await Recorder.prepareFolder(dirname(path));
    const recorder = new Recorder(result, Recorder.claim(path));
    recorder.write();
    return recorder;
  }

  /** A path whose JSON file was not there, and now is: two runs may begin in the same second. */
  private static claim(path: string): string {
    for (let count = 1; ; count++) {
      const free = count === 1 ? path : `${path}-${count}`;
      try {
        writeFileSync(`${free}.json`, "", { flag: "wx" });
        return free;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") Recorder.fail(dirname(path), error as Error);
      }
    }
  }

  get result(): BenchResult {
    return this.current;
  }

  /** Adds or replaces parts, and writes them if the last writing is a second ago. */
  set(parts: Partial<BenchResult>): void {
    this.current = { ...this.current, ...parts };
    if (performance.now() - this.written > 1000 * PAUSE) this.write();
  }

  /** Writes the JSON file: under another name first, so that it is whole at any time. */
  write(): void {
    const file = `${this.path}.json`;
    this.writing(() => {
      writeFileSync(`${file}.part`, `${JSON.stringify(this.current)}\n`);
      renameSync(`${file}.part`, file);
    });
    this.written = performance.now();
  }

  /** Writes the JSON file and a picture, by default that of the comparisons. */
  finish(drawn = picture(this.current)): void {
    this.write();
    this.writing(() => writeFileSync(`${this.path}.svg`, drawn));
  }

  private writing(calls: () => void): void {
    try {
      calls();
    } catch (error) {
      Recorder.fail(dirname(this.path), error as Error);
    }
  }

  private static fail(folder: string, { code, message }: NodeJS.ErrnoException): never {
    throw new BenchError(`${folder} cannot be written (${code ?? message}): give another folder with --out.`);
  }
}

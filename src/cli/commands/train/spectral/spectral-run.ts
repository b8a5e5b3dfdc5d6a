import { existsSync } from "node:fs";
import { mkdir, open, readFile, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../../../node/files/atomic-write.js";
import { SAMPLE_SIZE } from "../../../../train/spectral/spectral-samples.js";
import {
  SPECTRAL_DEFAULTS,
  type SpectralTrainingOptions,
} from "../../../../train/spectral/spectral-training-options.js";
import { UsageError } from "../../../shared/errors.js";
import { InputError } from "../../../shared/read-input.js";

const SAMPLE_BYTES = 4 * SAMPLE_SIZE;

const SETTINGS = Object.keys(SPECTRAL_DEFAULTS) as readonly (keyof SpectralTrainingOptions)[];

/** The folder of a training of the spectral network: its settings, the samples so far, and the weights. */
export class SpectralRun {
  private constructor(
    private readonly folder: string,
    readonly settings: SpectralTrainingOptions,
  ) {}

  /**
   * Begins a run, or goes on with one.
   * @param photos what tells the photos from others.
   * @throws {UsageError} if there is a run already, or none to go on with, or it was told something else.
   */
  static async open(
    folder: string,
    given: Partial<SpectralTrainingOptions>,
    photos: string,
    resume: boolean,
  ): Promise<SpectralRun> {
    const path = join(folder, "run.json");
    const found = existsSync(path) ? await readRun(path) : undefined;
    if (found && !resume) {
      throw new UsageError(
        `${folder} holds a run already: add --resume to go on with it, or choose another folder.`,
      );
    }
    if (!found && resume) throw new UsageError(`${folder} holds no run to go on with: leave --resume out.`);
    if (found) {
      const changed = SETTINGS.find(
        (name) => given[name] !== undefined && given[name] !== found.settings[name],
      );
      if (changed)
        throw new UsageError(`The run in ${folder} began with another --${changed}: leave that option out.`);
      if (found.photos !== photos) {
        throw new UsageError(
          `The run in ${folder} began with other photos: give it the same --data as then.`,
        );
      }
      return new SpectralRun(folder, found.settings);
    }
    const chosen = SETTINGS.map((name) => [name, given[name] ?? SPECTRAL_DEFAULTS[name]]);
    const settings = Object.fromEntries(chosen) as unknown as SpectralTrainingOptions;
    await mkdir(folder, { recursive: true });
    await writeFileAtomic(path, `${JSON.stringify({ settings, photos }, null, 2)}\n`);
    return new SpectralRun(folder, settings);
  }

  get weightsPath(): string {
    return join(this.folder, "spectral.safetensors");
  }

  private get samplesPath(): string {
    return join(this.folder, "samples.f32");
  }

  /**
   * Reads the samples that were measured so far to the front of `numbers`.
   * @returns how many there are.
   */
  async readSamples(numbers: Float32Array): Promise<number> {
    const size = await stat(this.samplesPath).then(
      (info) => info.size,
      () => 0,
    );
    const bytes = Math.min(size - (size % SAMPLE_BYTES), numbers.byteLength);
    if (bytes === 0) return 0;
    // A run that was killed may have left half a sample.
    await truncate(this.samplesPath, bytes);
    const file = await open(this.samplesPath);
    try {
      const target = new Uint8Array(numbers.buffer, numbers.byteOffset, bytes);
      let read = 0;
      while (read < bytes) read += (await file.read(target, read, bytes - read, read)).bytesRead;
    } finally {
      await file.close();
    }
    return bytes / SAMPLE_BYTES;
  }

  /** Adds measured samples to the file. */
  async appendSamples(numbers: Float32Array): Promise<void> {
    const file = await open(this.samplesPath, "a");
    try {
      await file.writeFile(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
    } finally {
      await file.close();
    }
  }
}

interface StoredRun {
  readonly settings: SpectralTrainingOptions;
  readonly photos: string;
}

async function readRun(path: string): Promise<StoredRun> {
  try {
    const run = JSON.parse(await readFile(path, "utf8")) as StoredRun;
    if (SETTINGS.every((name) => Number.isFinite(run.settings[name]))) return run;
  } catch {
    // Said below.
  }
  throw new InputError(`${path} does not say how its run began, so it cannot go on: choose another folder.`);
}

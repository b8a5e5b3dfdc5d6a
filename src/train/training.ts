import type { Engine } from "../engine/device/engine.js";
import type { ParameterShape } from "../engine/optimizers/parameters.js";
import type { RgbImage } from "../image/rgb-image.js";
import type { WeightFile } from "../weights/weight-file.js";
import type { Trainer } from "./trainer.js";
import type { CurveLabels } from "./training-curves.js";
import type { TrainingImage } from "./training-image.js";

/** Settings that every training has. */
export interface CommonSettings {
  /** Fixes the initialization, the samples and their noise. */
  readonly seed: number;
  /** Adam's learning rate: its highest, where it varies. */
  readonly rate: number;
  /** Samples of a step. */
  readonly batch: number;
  /** Every so many-th image is kept for validation; 0 or undefined for none. */
  readonly holdOut?: number;
}

/** How far a run goes, and what it writes on the way. */
export interface Schedule {
  /** Steps of the whole run. */
  readonly steps: number;
  /** Steps between two checkpoints. */
  readonly checkpointEvery: number;
  /** Steps between two lines of the log. */
  readonly logEvery: number;
  /** Steps between two validations; 0 for none. */
  readonly validateEvery: number;
  /** Steps of an estimate in a validation. */
  readonly validateSteps: number;
}

/** Numbers that a run makes once and keeps in a file, so that a resumed run need not make them again. */
export interface NumberStore {
  /**
   * Reads what was kept so far to the front of `target`.
   * @param unit numbers that belong together; a part of a unit that a killed process left is dropped.
   * @returns how many units were read.
   */
  read(target: Float32Array, unit: number): Promise<number>;
  append(numbers: Float32Array): Promise<void>;
}

/** Images that a training learns from. */
export interface TrainingImages {
  readonly images: readonly TrainingImage[];
  /** Images for validation. */
  readonly heldOut: readonly RgbImage[];
}

/** What a {@link Trainer} is made from, besides what it learns from. */
export interface RunOptions<Settings extends CommonSettings> {
  readonly settings: Settings;
  /** Steps of the whole run. */
  readonly steps: number;
  /** The network's file: its values are restored afterward, its dimensions and metadata stay as they are. */
  readonly network: WeightFile;
  readonly store: NumberStore;
  /** What JPEG of a quality from 1 to 100 leaves of an image. */
  readonly compressJpeg: (image: RgbImage, quality: number) => Promise<RgbImage>;
  /** Aborted where the user stops the run; what was made so far belongs into the store by then. */
  readonly signal: AbortSignal;
  /** Reports how many images are measured, or the like, where that takes long. */
  readonly onProgress: (done: number, total: number, unit: string) => void;
}

/** What a {@link Trainer} that learns from images is made from. */
export interface TrainerOptions<Settings extends CommonSettings>
  extends RunOptions<Settings>,
    TrainingImages {}

/**
 * A training as runs see it. Everything else is the same for all trainings: the run folder with its
 * configuration, lock, log, curves and checkpoints, and the command line's common options.
 *
 * A new network needs a folder here with a {@link Trainer} (its step), a function that makes the sample of a
 * number, and settings with a `Training` that names them; and a subcommand in `src/cli/commands/train` that
 * calls `runTraining`.
 */
export interface Training<Settings extends CommonSettings = CommonSettings, Data = TrainingImages> {
  /** The subcommand of `metakernelgan train`. */
  readonly name: string;
  /** The command line's option for a file of weights to begin with. */
  readonly weightsOption: "init" | "spectral-weights" | "upscaler-weights";
  readonly curves: CurveLabels;
  /** Settings and schedule that were not asked for; they may depend on settings that were. */
  defaults(asked: Partial<Settings>): Settings & Schedule;
  /**
   * Whether the rate of a step depends on the number of all steps, which a resumed run then cannot change.
   */
  fixesSteps(settings: Settings): boolean;
  /** Side length in pixels of the crops that are taken from images; smaller images are left out. */
  cropSize(settings: Settings): number;
  /**
   * The network before the first step.
   * @param given weights to begin with instead of the training's own.
   * @throws {WeightsError} if they are another network's.
   */
  initialize(settings: Settings, given?: WeightFile): WeightFile;
  /**
   * Names and shapes of the parameters that are trained.
   * @throws {WeightsError} if the file holds another network.
   */
  trainedShapes(network: WeightFile): readonly ParameterShape[];
  /**
   * Records the steps, and makes what they need.
   * @throws the signal's reason if it is aborted.
   */
  create(engine: Engine, options: RunOptions<Settings> & Data): Promise<Trainer>;
}

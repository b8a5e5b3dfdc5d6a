import type { CommonSettings } from "../../train/training.js";

/** Folders that a run reads. */
export interface DataFolders {
  readonly data: readonly string[];
  /** Folders for validation alone. */
  readonly heldOut?: readonly string[];
}

/** Files to learn from, and a digest that tells them from any others. */
export interface TrainingFiles {
  readonly paths: readonly string[];
  /** Files for validation alone. */
  readonly heldOut: readonly string[];
  /** SHA-256 of names and contents, in their order. */
  readonly sha256: string;
}

/** How files are to be read. */
export interface ReadOptions<Settings extends CommonSettings> {
  readonly settings: Settings;
  /** Side length in pixels of the crops to learn from. */
  readonly cropSize: number;
  readonly signal: AbortSignal;
  /** Called for a file that is left out, with the reason. */
  readonly onSkip: (reason: string) => void;
  readonly onProgress: (files: number) => void;
}

/** What was read. */
export interface LoadedData<Data> {
  /** How many there are to learn from, and for validation. */
  readonly training: number;
  readonly heldOut: number;
  /** Hands them over to a trainer, once. */
  take(): Data;
}

/** How a run reads what it learns from. */
export interface DataSource<Settings extends CommonSettings, Data> {
  /** Their name in sentences, such as "images". */
  readonly what: string;
  /** Lists the files before a device is opened. */
  list(folders: DataFolders, signal: AbortSignal): Promise<TrainingFiles>;
  load(files: TrainingFiles, options: ReadOptions<Settings>): Promise<LoadedData<Data>>;
}

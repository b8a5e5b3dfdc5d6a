import { EngineError } from "../engine/errors.js";

/** A file that cannot be written: its folder is missing, it is not writable, or it is itself a folder. */
export class OutputError extends EngineError {
  override name = "OutputError";
}

/** A folder that cannot be read, or in which files are missing. */
export class FolderError extends EngineError {
  override name = "FolderError";
}

/** The cache folder cannot be used, or a bundled archive cannot be unpacked into it. */
export class CacheError extends EngineError {
  override name = "CacheError";
}

/** The browser that was asked for by an environment variable does not run. */
export class BrowserError extends EngineError {
  override name = "BrowserError";
}

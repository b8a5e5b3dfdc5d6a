import { kernelRows } from "../kernel/blur-kernel.js";
import { type DrawingName, isDrawingName } from "./drawings/names.js";
import type { OpenImage, RunResult, RunSettings } from "./protocol.js";

/** What the file says that it is, so that another JSON is not taken for one. */
const KIND = "metakernelgan run";

/** What is needed to do a run again. */
export interface Replay {
  readonly settings: RunSettings;
  /** The drawing to open; absent where a file is meant. */
  readonly drawing?: DrawingName;
  /** The file to open, by its name and contents. */
  readonly file?: { readonly name: string; readonly sha256: string };
  /** SHA-256 of the weights that it was made with, as {@link RunResult} names them. */
  readonly weights: Readonly<Record<string, unknown>>;
}

/** A file that says all of a run that its numbers depend on, and what came out. */
export function encodeReplay(image: OpenImage, result: RunResult): string {
  const { name, width, height, sha256, drawing } = image;
  const { settings, weights, kernel, reading, adapter, timings, tiles } = result;
  const json = {
    kind: KIND,
    image: { name, width, height, ...(drawing ? { drawing } : { sha256 }) },
    settings,
    weights,
    result: {
      adapter,
      milliseconds: timings,
      tiles,
      width: result.width,
      height: result.height,
      ...reading,
      kernel: {
        size: kernel.size,
        scale: kernel.scale,
        orientation: kernel.orientation,
        rows: kernelRows(kernel),
      },
    },
  };
  return `${JSON.stringify(json, null, 1)}\n`;
}

/**
 * Reads what {@link encodeReplay} wrote.
 * @returns a sentence that says what is wrong, if it is no such file.
 */
export function decodeReplay(text: string): Replay | string {
  const json = parse(text);
  if (json.kind !== KIND)
    return "This JSON file is no run of this page. Drop the file that a run's download gave.";
  const settings = toSettings(record(json.settings));
  if (!settings)
    return "This run's file has settings that this page does not know, so it was not made by it.";
  const { drawing, name, sha256 } = record(json.image);
  return {
    settings,
    ...(isDrawingName(drawing) ? { drawing } : {}),
    ...(typeof name === "string" && typeof sha256 === "string" ? { file: { name, sha256 } } : {}),
    weights: record(json.weights),
  };
}

function parse(text: string): Record<string, unknown> {
  try {
    return record(JSON.parse(text));
  } catch {
    return {};
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function toSettings(settings: Record<string, unknown>): RunSettings | undefined {
  // Runs of earlier pages do not say it: they were adaptations.
  const { scale, method = "meta", steps, seed, model, sigma } = settings;
  const within = (value: unknown, most: number): value is number =>
    typeof value === "number" && value >= 0 && value <= most;
  if (scale !== 2 && scale !== 4) return undefined;
  if (method !== "spectral" && method !== "meta") return undefined;
  if (model !== "fast" && model !== "usrnet") return undefined;
  if (!within(steps, 5000) || !Number.isInteger(steps)) return undefined;
  if (!within(seed, 0xffffffff) || !Number.isInteger(seed)) return undefined;
  const isSigma = sigma === "auto" || within(sigma, 50);
  return isSigma ? { scale, method, steps, seed, model, sigma } : undefined;
}

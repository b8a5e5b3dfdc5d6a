import { kernelRows } from "../kernel/blur-kernel.js";
import { type DrawingName, isDrawingName } from "./shared/drawing-names.js";
import type { OpenImage, RunResult, RunSettings } from "./shared/protocol.js";

/** Marks the file, so that no other JSON is mistaken for one. */
const KIND = "metakernelgan run";

/** Everything needed to repeat a run. */
export interface Replay {
  readonly settings: RunSettings;
  /** The drawing to open; absent for a file. */
  readonly drawing?: DrawingName;
  /** Name and hash of the file to open. */
  readonly file?: { readonly name: string; readonly sha256: string };
  /** SHA-256 of the run's weights, by the names in {@link RunResult}. */
  readonly weights: Readonly<Record<string, unknown>>;
}

/** The file of a run: everything on which its numbers depend, and its results. */
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
 * Reads a file that {@link encodeReplay} wrote.
 * @returns a sentence about the problem if it is another file.
 */
export function decodeReplay(text: string): Replay | string {
  const json = parse(text);
  if (json.kind !== KIND)
    return "This JSON file is not a run of this page. Drop a file that was downloaded as Run .json.";
  const settings = toSettings(asObject(json.settings));
  if (!settings)
    return "This run's file has settings that this page does not know. It may come from another version.";
  const { drawing, name, sha256 } = asObject(json.image);
  return {
    settings,
    ...(isDrawingName(drawing) ? { drawing } : {}),
    ...(typeof name === "string" && typeof sha256 === "string" ? { file: { name, sha256 } } : {}),
    weights: asObject(json.weights),
  };
}

function parse(text: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return {};
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function toSettings(settings: Record<string, unknown>): RunSettings | undefined {
  // Runs of earlier pages name no method; they were adaptations.
  const { scale, method = "meta", steps, seed, model, sigma } = settings;
  const within = (value: unknown, most: number): value is number =>
    typeof value === "number" && value >= 0 && value <= most;
  if (scale !== 2 && scale !== 4) return undefined;
  if (method !== "spectral" && method !== "meta") return undefined;
  if (model !== "small" && model !== "fast") return undefined;
  if (!within(steps, 5000) || !Number.isInteger(steps)) return undefined;
  if (!within(seed, 0xffffffff) || !Number.isInteger(seed)) return undefined;
  const isSigma = sigma === "auto" || within(sigma, 50);
  return isSigma ? { scale, method, steps, seed, model, sigma } : undefined;
}

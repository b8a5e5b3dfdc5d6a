import { Engine } from "../../engine/device/engine.js";
import { blurInWords } from "../../estimate/spectral/blur-in-words.js";
import { pictureCanvas } from "../../image/canvas/picture-canvas.js";
import { isGray, toGray } from "../../image/gray.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { type FoundKernel, type UpscaledPhoto, upscalePhoto } from "../../pipeline/upscale-photo.js";
import { GUIDED_OVERLAP } from "../../upscale/guided/guided-upscaler.js";
import { tilePixels } from "../../upscale/tiles/largest-tile.js";
import { WIDE_OVERLAP } from "../../upscale/tiles/tiles.js";
import { blurredDrawing } from "../drawings/example.js";
import { DRAWINGS } from "../shared/drawing-names.js";
import type { OpenImage, RunResult, RunSettings, Source } from "../shared/protocol.js";
import type { Reading } from "../shared/run-file.js";
import { decodeImage } from "./decode.js";
import type { Post } from "./post.js";
import { sha256 } from "./sha256.js";
import { tileCounts } from "./tile-counts.js";
import { closeTools, openTools, usedWeights } from "./tools.js";
import { fetchWeights, type PageWeights } from "./weights.js";

/** Steps of a submission, and the largest number of kernel pictures in a run: more could not be seen. */
const STEPS_PER_SUBMISSION = 5;
const MAX_SNAPSHOTS = 40;

/** What is known of an image from its source. */
type SourceFacts = Omit<OpenImage, "width" | "height" | "tiles">;

interface Opened {
  readonly facts: SourceFacts;
  readonly image: RgbImage;
  readonly alpha?: Float32Array;
}

/** The state of the worker: the weights, one device, the open image and the last picture. */
export class Session {
  private engine?: Engine;
  private weights?: Promise<PageWeights>;
  private opened?: Opened;
  private picture?: OffscreenCanvas;

  /** Fetches the weights, once and for all. */
  load(folder: string): Promise<PageWeights> {
    this.weights = fetchWeights(folder);
    return this.weights;
  }

  /** Opens an image for the runs that follow. */
  async open(id: number, source: Source, post: Post): Promise<void> {
    const engine = await this.device();
    const most = tilePixels(engine, 0);
    const { bitmap, ...opened } = await (source.kind === "file"
      ? openFile(source.file, source.name, engine)
      : openDrawing(source));
    this.opened = opened;
    const { image } = opened;
    const facts: OpenImage = {
      ...opened.facts,
      width: image.width,
      height: image.height,
      tiles: { small: tileCounts(image, GUIDED_OVERLAP, most), fast: tileCounts(image, WIDE_OVERLAP, most) },
    };
    post({ type: "opened", id, image: facts, bitmap }, [bitmap]);
  }

  /** Makes the picture of the open image. */
  async run(id: number, settings: RunSettings, signal: AbortSignal, post: Post): Promise<void> {
    const { opened, weights } = this;
    if (!opened || !weights) throw new Error("no image is open");
    const { image, alpha } = opened;
    const loaded = await weights;
    const engine = await this.device();
    signal.throwIfAborted();
    const { scale, method, steps, seed, sigma } = settings;
    const began = performance.now();
    const tools = await openTools(engine, settings, loaded);
    const opening = performance.now() - began;
    let result: UpscaledPhoto;
    try {
      result = await upscalePhoto(tools, image, {
        scale,
        alpha,
        steps: method === "meta" ? steps : 0,
        seed,
        sigma,
        signal,
        snapshotEvery: Math.max(STEPS_PER_SUBMISSION, steps / MAX_SNAPSHOTS),
        onSnapshot: (snapshot) => post({ type: "snapshot", id, ...snapshot }),
        onKernel: (found) => post({ type: "estimated", id, kernel: found.kernel, reading: readingOf(found) }),
        onPlan: ({ tiles }) => post({ type: "planned", id, tiles }),
        onProgress: (progress) => post({ type: "progress", id, progress }),
      });
    } finally {
      closeTools(tools);
    }
    const { kernel, picture, offset, plan, milliseconds } = result;
    this.picture = await pictureCanvas(isGray(image) ? toGray(picture) : picture, result.alpha);
    const bitmap = await createImageBitmap(this.picture);
    signal.throwIfAborted();
    const shown: RunResult = {
      kernel,
      reading: readingOf(result),
      settings,
      width: picture.width,
      height: picture.height,
      tiles: plan.tiles,
      adapter: engine.adapter,
      timings: {
        prepare: opening + milliseconds.prepare,
        estimate: milliseconds.kernel,
        upscale: milliseconds.picture,
      },
      offset,
      weights: usedWeights(settings, image, loaded),
    };
    post({ type: "done", id, result: shown, bitmap }, [bitmap]);
  }

  /** The last picture as a PNG file. */
  async encode(id: number, post: Post): Promise<void> {
    if (!this.picture) throw new Error("no picture was made yet");
    post({ type: "encoded", id, file: await this.picture.convertToBlob({ type: "image/png" }) });
  }

  /** The device, or a new one if it was lost. */
  private async device(): Promise<Engine> {
    try {
      this.engine?.check();
    } catch {
      this.engine?.dispose();
      this.engine = undefined;
    }
    this.engine ??= await Engine.create({ powerPreference: "high-performance" });
    return this.engine;
  }
}

/** What the page shows of a kernel beside its values. */
function readingOf(found: FoundKernel): Reading {
  const { estimate, noise, sigma, assumed } = found;
  return { noise, error: estimate?.uncertainty?.error, sigma, blur: blurInWords(found), assumed };
}

async function openFile(
  file: Blob,
  name: string,
  engine: Engine,
): Promise<Opened & { readonly bitmap: ImageBitmap }> {
  const { image, alpha, bitmap, notes } = await decodeImage(file, name, engine);
  const facts = {
    name,
    sha256: await sha256(await file.arrayBuffer()),
    notes,
  };
  return { facts, image, ...(alpha ? { alpha } : {}), bitmap };
}

async function openDrawing({
  drawing,
  scale,
}: Extract<Source, { kind: "drawing" }>): Promise<Opened & { readonly bitmap: ImageBitmap }> {
  const { image, kernel } = blurredDrawing(drawing, scale);
  const facts = {
    name: DRAWINGS[drawing],
    drawing,
    truth: kernel,
    notes: [],
  };
  return { facts, image, bitmap: await createImageBitmap(await pictureCanvas(image)) };
}

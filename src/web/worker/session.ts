import { Engine } from "../../engine/engine.js";
import { isGrey, toGrey } from "../../image/gray.js";
import { upscalePlanes } from "../../image/resize/bicubic.js";
import type { RgbImage } from "../../image/rgb-image.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { kernelOffset } from "../../kernel/kernel-offset.js";
import { configOf } from "../../model/usrnet/usrnet-config.js";
import { FourierUpscaler } from "../../upscale/fourier-upscaler.js";
import type { Upscaler } from "../../upscale/upscaler.js";
import { UsrNet } from "../../upscale/usrnet.js";
import { blurredDrawing } from "../drawings/example.js";
import { DRAWINGS } from "../drawings/names.js";
import type { OpenImage, RunResult, RunSettings, Source } from "../protocol.js";
import { decodeImage } from "./decode.js";
import { findBlur, spectrumProblem } from "./find-blur.js";
import { drawPicture } from "./picture.js";
import { sha256 } from "./sha256.js";
import type { Tell } from "./tell.js";
import { tileCounts } from "./tile-counts.js";
import { fetchWeights, type PageWeights } from "./weights.js";

/** Channels of the largest images that the fast upscaler holds. */
const COLOURS = 3;

/** What a source says of an image. */
type SourceFacts = Omit<OpenImage, "width" | "height" | "noSpectrum" | "tiles">;

interface Opened {
  readonly facts: SourceFacts;
  readonly image: RgbImage;
  readonly alpha?: Float32Array;
}

/** What the worker holds: the weights, one device, the open image and the last picture. */
export class Session {
  private engine?: Engine;
  private weights?: Promise<PageWeights>;
  private opened?: Opened;
  private picture?: OffscreenCanvas;

  /** Fetches the weights; they are here for good. */
  load(folder: string): Promise<PageWeights> {
    this.weights = fetchWeights(folder);
    return this.weights;
  }

  /** Makes an image the one to work on. */
  async open(id: number, source: Source, tell: Tell): Promise<void> {
    const engine = await this.device();
    const { bitmap, ...opened } = await (source.kind === "file"
      ? openFile(source.file, source.name)
      : openDrawing(source));
    this.opened = opened;
    const { image } = opened;
    const facts: OpenImage = {
      ...opened.facts,
      width: image.width,
      height: image.height,
      noSpectrum: spectrumProblem(image),
      tiles: {
        fast: tileCounts(engine, image, COLOURS),
        usrnet: tileCounts(engine, image, await this.usrNetChannels()),
      },
    };
    tell({ type: "opened", id, image: facts, bitmap }, [bitmap]);
  }

  /** Estimates the kernel of the open image, and makes the picture. */
  async run(id: number, settings: RunSettings, signal: AbortSignal, tell: Tell): Promise<void> {
    const { opened, weights } = this;
    if (!opened || !weights) throw new Error("no image is open");
    const loaded = await weights;
    const { usrnet } = loaded;
    const engine = await this.device();
    signal.throwIfAborted();
    const { scale } = settings;
    const began = performance.now();
    let started = began;
    const onStart = (): void => {
      started = performance.now();
      tell({ type: "started", id });
    };
    const progress = { id, signal, tell, onStart };
    const {
      kernel,
      reading,
      weights: used,
    } = await findBlur(engine, opened.image, settings, loaded, progress);
    tell({ type: "estimated", id, kernel, reading });
    const estimated = performance.now();
    const upscaler = await this.upscaler(engine, settings, usrnet);
    let tiles = 0;
    let upscaled: RgbImage;
    try {
      upscaled = await upscaler.upscale(opened.image, {
        kernel,
        scale,
        sigma: reading.sigma,
        signal,
        onStart: (plan) => {
          tiles = plan.tiles;
          tell({ type: "planned", id, tiles });
        },
        onProgress: (share) => tell({ type: "upscaling", id, share }),
      });
    } finally {
      upscaler.dispose();
    }
    const offset = kernelOffset(kernel);
    this.picture = paint(opened, upscaled, kernel);
    const result: RunResult = {
      kernel,
      reading,
      settings,
      width: upscaled.width,
      height: upscaled.height,
      tiles,
      adapter: engine.adapter,
      timings: {
        prepare: started - began,
        estimate: estimated - started,
        upscale: performance.now() - estimated,
      },
      offset,
      weights: {
        ...used,
        ...(settings.model === "usrnet" && usrnet ? { usrnet: usrnet.sha256 } : {}),
      },
    };
    const bitmap = await createImageBitmap(this.picture);
    signal.throwIfAborted();
    tell({ type: "done", id, result, bitmap }, [bitmap]);
  }

  /** The last picture as a PNG file. */
  async encode(id: number, tell: Tell): Promise<void> {
    if (!this.picture) throw new Error("no picture was made yet");
    tell({ type: "encoded", id, file: await this.picture.convertToBlob({ type: "image/png" }) });
  }

  private async usrNetChannels(): Promise<number> {
    // Without weights, it is not on offer.
    const usrnet = (await this.weights?.catch(() => undefined))?.usrnet;
    return usrnet ? (configOf(usrnet.file).widths[0] as number) : COLOURS;
  }

  /** The device, or another where it was lost. */
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

  private async upscaler(
    engine: Engine,
    { model }: RunSettings,
    usrnet: PageWeights["usrnet"],
  ): Promise<Upscaler> {
    if (model === "fast") return new FourierUpscaler(engine);
    if (!usrnet) throw new Error("no weights of USRNet are beside the page");
    return UsrNet.create(engine, usrnet.file);
  }
}

async function openFile(file: Blob, name: string): Promise<Opened & { readonly bitmap: ImageBitmap }> {
  const { image, alpha, bitmap, notes } = await decodeImage(file, name);
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
  return { facts, image, bitmap: await createImageBitmap(drawPicture(image)) };
}

/** The picture with the transparency and the grayness of what it was made of. */
function paint({ image, alpha }: Opened, upscaled: RgbImage, kernel: BlurKernel): OffscreenCanvas {
  const enlarged = alpha && upscalePlanes(alpha, image, kernel.scale, kernelOffset(kernel));
  return drawPicture(isGrey(image) ? toGrey(upscaled) : upscaled, enlarged);
}

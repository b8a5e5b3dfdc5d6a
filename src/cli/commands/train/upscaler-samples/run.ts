import { SpectralEstimator } from "../../../../estimate/spectral/spectral-estimator.js";
import type { AdapterChoice } from "../../../../node/device/adapters.js";
import { createEngine } from "../../../../node/device/create-engine.js";
import { compressRepeatedly } from "../../../../node/image-io/compress-jpeg.js";
import { encodeShard, type ShardEntry } from "../../../../node/runs/sample-shard.js";
import { pictureSample } from "../../../../train/guided/guided-sample.js";
import { pictureTask } from "../../../../train/guided/guided-task.js";
import { ClosedFormGuesses } from "../../../../upscale/guided/closed-form-guesses.js";
import { cancellable } from "../../../shared/cancellable.js";
import { closeEngine } from "../../../shared/devices/close-engine.js";
import { readSpectralWeights } from "../../../shared/weights/method-weights.js";
import { loadPhotos } from "../shared/load-photos.js";
import type { SampleOptions } from "../shared/sample-options.js";
import { writeShards } from "../shared/write-shards.js";

/** The options of `metakernelgan train upscaler-samples`, as Commander gives them. */
export interface UpscalerSamplesOptions extends SampleOptions {
  readonly scale: "2" | "4";
  readonly adapter?: AdapterChoice;
}

/** Sides of the sharp pictures, file by file. */
const SIZES = [
  { width: 480, height: 320 },
  { width: 480, height: 320 },
  { width: 320, height: 208 },
] as const;

/** `metakernelgan train upscaler-samples`. */
export async function upscalerSamples(options: UpscalerSamplesOptions): Promise<void> {
  const { seed, adapter } = options;
  const scale = options.scale === "4" ? 4 : 2;
  await cancellable(async (signal) => {
    const images = await loadPhotos(options, SIZES[0], signal);
    const engine = await createEngine({ adapter });
    try {
      const estimator = await SpectralEstimator.load(engine, (await readSpectralWeights(scale)).file);
      const recorded = new Map<number, ClosedFormGuesses>();
      const make = async (number: number, shard: number): Promise<ShardEntry> => {
        const size = SIZES[shard % SIZES.length];
        const guesses =
          recorded.get(size.width) ??
          (await ClosedFormGuesses.create(engine, size.height / scale, size.width / scale, scale));
        recorded.set(size.width, guesses);
        const task = pictureTask(images, { ...size, scale }, seed, number);
        const small = await compressRepeatedly(task.image, task.qualities);
        const sample = await pictureSample(task, small, estimator, guesses);
        return { sample, kind: task.kind, kernelGiven: task.kernelGiven };
      };
      const encode = (entries: readonly ShardEntry[]): Uint8Array => encodeShard(entries, scale);
      await writeShards(options, { samplesOfEntry: 1, make, encode }, signal);
    } finally {
      await closeEngine(engine);
    }
  });
}

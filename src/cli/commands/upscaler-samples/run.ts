import { existsSync } from "node:fs";
import { join } from "node:path";
import { SpectralEstimator } from "../../../estimate/spectral/spectral-estimator.js";
import type { AdapterChoice } from "../../../node/device/adapters.js";
import { createEngine } from "../../../node/device/create-engine.js";
import { writeFileAtomic } from "../../../node/files/atomic-write.js";
import { makeOutputFolder } from "../../../node/files/output-folder.js";
import { compressRepeatedly } from "../../../node/image-io/compress-jpeg.js";
import { encodeShard, type ShardEntry } from "../../../node/runs/sample-shard.js";
import { pictureSample } from "../../../train/guided/guided-sample.js";
import { pictureTask } from "../../../train/guided/guided-task.js";
import { ClosedFormGuesses } from "../../../upscale/guided/closed-form-guesses.js";
import { cancellable } from "../../shared/cancellable.js";
import { loadPhotos, type PhotoChoice } from "../../shared/load-photos.js";
import { openProgress } from "../../shared/terminal/progress.js";
import { print } from "../../shared/terminal/report.js";
import { readSpectralWeights } from "../../shared/weights/method-weights.js";

/** The options of `metakernelgan upscaler-samples`, as Commander gives them. */
export interface UpscalerSamplesOptions extends PhotoChoice {
  readonly out: string;
  readonly scale: "2" | "4";
  readonly samples: number;
  readonly seed: number;
  readonly adapter?: AdapterChoice;
}

/** Samples in a file. */
const SHARD = 24;

/** Sides of the sharp pictures, file by file. */
const SIZES = [
  { width: 480, height: 320 },
  { width: 480, height: 320 },
  { width: 320, height: 208 },
] as const;

/** `metakernelgan upscaler-samples`. */
export async function upscalerSamples(options: UpscalerSamplesOptions): Promise<void> {
  const { out, samples, seed, adapter } = options;
  const scale = options.scale === "4" ? 4 : 2;
  await cancellable(async (signal) => {
    const images = await loadPhotos(options, SIZES[0], signal);
    await makeOutputFolder(out);
    const engine = await createEngine({ adapter });
    const shards = Math.ceil(samples / SHARD);
    const progress = await openProgress({ total: shards * SHARD, unit: "images" });
    try {
      const estimator = await SpectralEstimator.load(engine, (await readSpectralWeights(scale)).file);
      const recorded = new Map<number, ClosedFormGuesses>();
      for (let shard = 0; shard < shards; shard++) {
        const path = join(out, `${String(shard).padStart(6, "0")}.safetensors`);
        // Written by an earlier call: a shard depends on seed and number alone.
        if (existsSync(path)) continue;
        const size = SIZES[shard % SIZES.length];
        const guesses =
          recorded.get(size.width) ??
          (await ClosedFormGuesses.create(engine, size.height / scale, size.width / scale, scale));
        recorded.set(size.width, guesses);
        const entries: ShardEntry[] = [];
        for (let number = shard * SHARD; number < (shard + 1) * SHARD; number++) {
          signal.throwIfAborted();
          const task = pictureTask(images, { ...size, scale }, seed, number);
          const small = await compressRepeatedly(task.image, task.qualities);
          entries.push({
            sample: await pictureSample(task, small, estimator, guesses),
            kind: task.kind,
            kernelGiven: task.kernelGiven,
          });
          progress.update(number + 1);
        }
        await writeFileAtomic(path, encodeShard(entries, scale));
      }
    } finally {
      progress.stop();
      engine.dispose();
    }
    print(`${shards * SHARD} samples are in ${out}.`);
  });
}

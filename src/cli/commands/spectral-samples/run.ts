import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../../node/files/atomic-write.js";
import { compressRepeatedly } from "../../../node/image-io/compress-jpeg.js";
import { encodeSceneShard, type FinishedScene } from "../../../node/runs/scene-shard.js";
import { blurScene, PHOTOS } from "../../../train/spectral/blur-scene.js";
import { cancellable } from "../../shared/cancellable.js";
import { loadPhotos, type PhotoChoice } from "../../shared/load-photos.js";
import { openProgress } from "../../shared/terminal/progress.js";
import { print } from "../../shared/terminal/report.js";

/** The options of `metakernelgan spectral-samples`, as Commander gives them. */
export interface SpectralSamplesOptions extends PhotoChoice {
  readonly out: string;
  readonly samples: number;
  readonly paper?: boolean;
  readonly seed: number;
}

/** Samples in a file, and scenes that they show. */
const SHARD = 24;
const SCENES = SHARD / PHOTOS;

/** Sides of the sharp parts, file by file. */
const MIDDLE = { width: 480, height: 320 };
const SMALL = { width: 320, height: 208 };
const LARGE = { width: 768, height: 512 };
const SIZES = [MIDDLE, SMALL, MIDDLE, SMALL, MIDDLE, SMALL, MIDDLE, LARGE] as const;

/** `metakernelgan spectral-samples`. */
export async function spectralSamples(options: SpectralSamplesOptions): Promise<void> {
  const { out, samples, paper, seed } = options;
  await cancellable(async (signal) => {
    const images = await loadPhotos(options, LARGE, signal);
    await mkdir(out, { recursive: true });
    const shards = Math.ceil(samples / SHARD);
    const progress = await openProgress({ total: shards * SHARD, unit: "images" });
    try {
      for (let shard = 0; shard < shards; shard++) {
        const path = join(out, `${String(shard).padStart(6, "0")}.safetensors`);
        // Written by an earlier call: a shard depends on seed and number alone.
        if (existsSync(path)) continue;
        const scenes: FinishedScene[] = [];
        for (let number = shard * SCENES; number < (shard + 1) * SCENES; number++) {
          signal.throwIfAborted();
          const scene = blurScene(images, { ...SIZES[shard % SIZES.length], paper }, seed, number);
          const finished = await Promise.all(
            scene.photos.map(({ image, qualities }) => compressRepeatedly(image, qualities)),
          );
          scenes.push({ scene, finished });
          progress.update((number + 1) * PHOTOS);
        }
        await writeFileAtomic(path, encodeSceneShard(scenes, shard * SCENES));
      }
    } finally {
      progress.stop();
    }
    print(`${shards * SHARD} samples are in ${out}.`);
  });
}

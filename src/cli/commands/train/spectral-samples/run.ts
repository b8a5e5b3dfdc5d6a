import { compressRepeatedly } from "../../../../node/image-io/compress-jpeg.js";
import { encodeSceneShard, type FinishedScene } from "../../../../node/runs/scene-shard.js";
import { blurScene, PHOTOS } from "../../../../train/spectral/blur-scene.js";
import { cancellable } from "../../../shared/cancellable.js";
import { loadPhotos } from "../shared/load-photos.js";
import type { SampleOptions } from "../shared/sample-options.js";
import { writeShards } from "../shared/write-shards.js";

/** Sides of the sharp parts, file by file. */
const MIDDLE = { width: 480, height: 320 };
const SMALL = { width: 320, height: 208 };
const LARGE = { width: 768, height: 512 };
const SIZES = [MIDDLE, SMALL, MIDDLE, SMALL, MIDDLE, SMALL, MIDDLE, LARGE] as const;

/** The options of `metakernelgan train spectral-samples`, as Commander gives them. */
export interface SpectralSamplesOptions extends SampleOptions {
  readonly paper?: boolean;
  readonly wide?: boolean;
  readonly cameras?: number;
  readonly jpeg?: number;
}

/** `metakernelgan train spectral-samples`. */
export async function spectralSamples(options: SpectralSamplesOptions): Promise<void> {
  await cancellable(async (signal) => {
    const images = await loadPhotos(options, LARGE, signal);
    const make = async (number: number, shard: number): Promise<FinishedScene> => {
      const scene = blurScene(
        images,
        {
          ...SIZES[shard % SIZES.length],
          paper: options.paper,
          wide: options.wide,
          cameras: options.cameras,
          compressed: options.jpeg,
        },
        options.seed,
        number,
      );
      const finished = scene.photos.map(({ image, qualities }) => compressRepeatedly(image, qualities));
      return { scene, finished: await Promise.all(finished) };
    };
    await writeShards(options, { samplesOfEntry: PHOTOS, make, encode: encodeSceneShard }, signal);
  });
}

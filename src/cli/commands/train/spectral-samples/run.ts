import { compressRepeatedly } from "../../../../node/image-io/compress-jpeg.js";
import { encodeSceneShard, type FinishedScene } from "../../../../node/runs/scene-shard.js";
import { blurScene, PHOTOS } from "../../../../train/spectral/blur-scene.js";
import { cancellable } from "../../../shared/cancellable.js";
import { loadPhotos } from "../shared/load-photos.js";
import type { SampleOptions } from "../shared/sample-options.js";
import { writeShards } from "../shared/write-shards.js";

/** Sides of the sharp parts, for which most photos are large enough: the more photos, the better. */
const SIDES = {
  2: {
    middle: { width: 480, height: 320 },
    small: { width: 320, height: 208 },
    large: { width: 768, height: 512 },
  },
  4: {
    middle: { width: 480, height: 320 },
    small: { width: 416, height: 272 },
    large: { width: 960, height: 640 },
  },
} as const;

/** Which of them a file has, file by file. */
const SIZES = ["middle", "small", "middle", "small", "middle", "small", "middle", "large"] as const;

/** The options of `metakernelgan train spectral-samples`, as Commander gives them. */
export interface SpectralSamplesOptions extends SampleOptions {
  readonly scale: "2" | "4";
  readonly paper?: boolean;
  readonly wide?: boolean;
  readonly cameras?: number;
  readonly jpeg?: number;
}

/** `metakernelgan train spectral-samples`. */
export async function spectralSamples(options: SpectralSamplesOptions): Promise<void> {
  await cancellable(async (signal) => {
    const scale = options.scale === "4" ? 4 : 2;
    const sides = SIDES[scale];
    const images = await loadPhotos(options, sides.large, signal);
    const make = async (number: number, shard: number): Promise<FinishedScene> => {
      const scene = blurScene(
        images,
        {
          ...sides[SIZES[shard % SIZES.length]],
          scale,
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

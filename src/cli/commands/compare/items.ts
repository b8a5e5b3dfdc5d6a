import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ComparisonItem } from "../../../benchmark/comparison.js";
import { cropImage } from "../../../image/crop-image.js";
import type { RgbImage } from "../../../image/rgb-image.js";
import { roundToBytes } from "../../../image/round-to-bytes.js";
import { type BenchmarkOptions, benchmarkItem } from "../../../kernel/degradation/benchmark.js";
import {
  benchmarkFolders,
  findPairs,
  findTrueImages,
  HR_FOLDER,
  readBenchmarkKernel,
} from "../../../node/image-io/benchmark-folder.js";
import { compressRepeatedly } from "../../../node/image-io/compress-jpeg.js";
import { listImages } from "../../../node/image-io/image-folder.js";
import { readImage } from "../../../node/image-io/read-image.js";

/**
 * The images of a benchmark in one setting: read from the setting's folders if they are there, else made from the true
 * images as `degrade` makes them.
 * @throws {FolderError} if a folder cannot be read, or lacks an image or a kernel.
 */
export async function comparisonItems(data: string, options: BenchmarkOptions): Promise<ComparisonItem[]> {
  const { scale, setting } = options;
  const { lr, kernels } = benchmarkFolders(scale, setting);
  const hrFolder = join(data, HR_FOLDER);
  const open = async (path: string): Promise<RgbImage> => {
    const { rgb, width, height } = await readImage(path);
    const whole = (length: number): number => length - (length % scale);
    return cropImage(rgb, { left: 0, top: 0, width: whole(width), height: whole(height) });
  };
  if (existsSync(join(data, lr))) {
    const pairs = await findPairs(join(data, lr), join(data, kernels));
    const truths = await findTrueImages(
      pairs.map(({ name }) => name),
      hrFolder,
    );
    return pairs.map(({ name, path, kernelPath }, index) => ({
      name,
      open: async () => ({
        lr: (await readImage(path)).rgb,
        hr: await open(truths[index]),
        kernel: await readBenchmarkKernel(kernelPath, scale),
      }),
    }));
  }
  return (await listImages(hrFolder)).map(({ name, path }, index) => ({
    name,
    open: async () => {
      const hr = await open(path);
      const { image, kernel, qualities } = benchmarkItem(hr, index, options);
      return {
        lr: qualities.length === 0 ? roundToBytes(image) : await compressRepeatedly(image, qualities),
        hr,
        kernel,
      };
    },
  }));
}

import { isAbsolute, join, relative } from "node:path";
import { EngineError } from "../../../engine/errors.js";
import {
  type BenchmarkItem,
  type BenchmarkSetting,
  benchmarkItem,
} from "../../../kernel/degradation/benchmark.js";
import { OutputError } from "../../../node/errors.js";
import { writeFileAtomic } from "../../../node/files/atomic-write.js";
import { writeKernel } from "../../../node/files/kernel-files.js";
import { firstOccupied, writeFolders } from "../../../node/files/staged-folders.js";
import { benchmarkFolders } from "../../../node/image-io/benchmark-folder.js";
import { compressRepeatedly, encodeJpeg } from "../../../node/image-io/compress-jpeg.js";
import { listImages, type NamedImage } from "../../../node/image-io/image-folder.js";
import { readImage } from "../../../node/image-io/read-image.js";
import { writeImage } from "../../../node/image-io/write-image.js";
import { cancellable } from "../../shared/cancellable.js";
import { UsageError } from "../../shared/errors.js";
import { realPath } from "../../shared/files/assert-outputs.js";
import { type ScaleText, scaleOf } from "../../shared/options/shared-options.js";
import { InputError } from "../../shared/read-input.js";
import { openProgress } from "../../shared/terminal/progress.js";
import { print, printLine } from "../../shared/terminal/report.js";
import { skippedText } from "../../shared/terminal/skipped-text.js";

/** The options of `metakernelgan degrade`, as Commander gives them. */
export interface DegradeCommandOptions {
  readonly data: string;
  readonly out: string;
  readonly scale: ScaleText;
  readonly setting: BenchmarkSetting;
  readonly seed: number;
  readonly force?: boolean;
}

/** Beside photos as cameras make them: everything that was drawn at random for each. */
const TRUTH = "truth.json";

/** `metakernelgan degrade`. */
export async function degrade(options: DegradeCommandOptions): Promise<void> {
  const { data, out, setting, force } = options;
  const { lr, kernels } = benchmarkFolders(scaleOf(options.scale), setting);
  await checkFolders(data, [join(out, lr), join(out, kernels)], force === true);
  const images = await listImages(data);
  const skipped: string[] = [];
  await cancellable(async (signal) => {
    const progress = await openProgress({ total: images.length, unit: "images" });
    try {
      await writeFolders(out, [lr, kernels], async (folder) => {
        progress.update(0);
        const recipes: Record<string, unknown> = {};
        for (const [index, image] of images.entries()) {
          try {
            const { recipe } = await degradeOne(image, index, options, folder);
            if (recipe) recipes[image.name] = recipe;
          } catch (error) {
            // A file that cannot be written is not the image's fault.
            if (!(error instanceof EngineError) || error instanceof OutputError) throw error;
            progress.say(skippedText(image.path, error));
            skipped.push(image.path);
          }
          progress.update(index + 1);
          signal.throwIfAborted();
        }
        if (Object.keys(recipes).length > 0) {
          await writeFileAtomic(join(folder, lr, TRUTH), `${JSON.stringify(recipes, null, 2)}\n`);
        }
        if (skipped.length === images.length) {
          throw new InputError(`${data} holds no image that can be used; nothing was written.`);
        }
      });
    } finally {
      progress.stop();
    }
  });
  const written = images.length - skipped.length;
  print(
    `${written} low-resolution ${written === 1 ? "image" : "images"} written to ${join(out, lr)}, ` +
      `kernels to ${join(out, kernels)}.`,
  );
  if (skipped.length > 0) {
    printLine(`${skipped.length} of ${images.length} images were skipped: ${skipped.join(", ")}.`);
    process.exitCode = 1;
  }
}

async function degradeOne(
  { name, path }: NamedImage,
  index: number,
  options: DegradeCommandOptions,
  folder: string,
): Promise<BenchmarkItem> {
  const { setting, seed } = options;
  const scale = scaleOf(options.scale);
  const { lr, kernels } = benchmarkFolders(scale, setting);
  const { rgb } = await readImage(path);
  const item = benchmarkItem(rgb, index, { scale, setting, seed });
  const { image, kernel, qualities } = item;
  if (setting === "camera") {
    const before = await compressRepeatedly(image, qualities.slice(0, -1));
    const jpeg = await encodeJpeg(before, qualities[qualities.length - 1]);
    await writeFileAtomic(join(folder, lr, `${name}.jpg`), jpeg);
  } else {
    // The benchmarks' authors truncate instead of rounding, which makes an image darker by half a level on average.
    const received = await compressRepeatedly(image, qualities);
    await writeImage(join(folder, lr, `${name}.png`), { rgb: received });
  }
  for (const ending of [".mat", ".json"]) await writeKernel(join(folder, kernels, name + ending), kernel);
  return item;
}

async function checkFolders(data: string, targets: readonly string[], force: boolean): Promise<void> {
  const source = await realPath(data);
  for (const target of targets) {
    const path = relative(await realPath(target), source);
    if (!path.startsWith("..") && !isAbsolute(path)) {
      throw new UsageError(
        `${target} would be overwritten, but --data is read from there; choose another --out.`,
      );
    }
  }
  const occupied = await firstOccupied(targets);
  if (occupied !== undefined && !force) {
    throw new OutputError(`${occupied} is not empty; name another folder, or give --force to replace it.`);
  }
}

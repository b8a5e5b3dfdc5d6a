import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { CONDITIONS } from "../../train/guided/guided-sample.js";
import type { StoredSample } from "../../train/guided/patch.js";
import type { PhotosSettings } from "../../train/guided/photos-settings.js";
import { isLearned, type SampleData, type SampleFile } from "../../train/guided/sample-source.js";
import { readHead, readRegularFile } from "../files/read-file.js";
import { readFailure } from "../files/system-errors.js";
import type { DataSource } from "./data-source.js";
import { SampleError } from "./errors.js";

const ENDING = ".safetensors";

/** A file of 24 samples has some 60 MB. */
const MAX_FILE_BYTES = 4_000_000_000;

const MAX_HEADER_BYTES = 1_000_000;

/** Types and shapes of a file's tensors, without their first dimension, the number of samples. */
type Layout = Readonly<Record<keyof StoredSample, readonly [dtype: string, shape: readonly number[]]>>;

/** A tensor of a file: where its bytes begin, and how many a sample has. */
interface Place {
  readonly begin: number;
  readonly bytes: number;
}

/** Folders of samples that `metakernelgan train upscaler-samples` has written. Parts are read where they are wanted. */
export const SAMPLE_SOURCE: DataSource<PhotosSettings, SampleData> = {
  what: "samples",
  list: async ({ data, heldOut = [] }, signal) => {
    const hash = createHash("sha256");
    const list = async (folders: readonly string[]): Promise<string[]> => {
      const paths: string[] = [];
      for (const folder of folders) {
        for (const path of await sampleFiles(folder)) {
          signal.throwIfAborted();
          const digest = createHash("sha256")
            .update(await read(path))
            .digest("hex");
          hash.update(`${basename(path)}\n${digest}\n`);
          paths.push(path);
        }
      }
      hash.update("\n");
      return paths;
    };
    return { paths: await list(data), heldOut: await list(heldOut), sha256: hash.digest("hex") };
  },
  load: async ({ paths, heldOut }, { settings, cropSize, signal, onProgress }) => {
    let files = 0;
    const open = async (each: readonly string[]): Promise<SampleFile[]> => {
      const opened: SampleFile[] = [];
      for (const path of each) {
        signal.throwIfAborted();
        opened.push(await openSamples(path, settings.scale));
        onProgress(++files);
      }
      return opened;
    };
    const all = { samples: await open(paths), heldOut: await open(heldOut) };
    for (const [i, { height, width }] of all.samples.entries()) {
      if (Math.min(height, width) >= cropSize) continue;
      throw new SampleError(
        `${paths[i]} has small images of ${width}×${height} pixels, smaller than a patch: give --patch and --late-patch of at most ${Math.min(height, width)}.`,
      );
    }
    const { photos } = settings;
    if (!all.samples.some(({ cameras }) => cameras.some((camera) => isLearned(photos, camera)))) {
      throw new SampleError(
        `The samples have no photo for --photos ${photos}: give more of them, or leave the option out.`,
      );
    }
    const count = (each: readonly SampleFile[]): number => each.reduce((sum, file) => sum + file.count, 0);
    return { training: count(all.samples), heldOut: count(all.heldOut), take: () => all };
  },
};

async function sampleFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new SampleError(`${folder} cannot be read: ${readFailure(cause, "folder")}.`, { cause });
  });
  const paths = names.filter((name) => name.endsWith(ENDING)).sort();
  if (paths.length === 0) {
    throw new SampleError(
      `${folder} has no samples: give a folder that metakernelgan train upscaler-samples has written.`,
    );
  }
  return paths.map((name) => join(folder, name));
}

function read(path: string): Promise<Buffer> {
  return readRegularFile(path, MAX_FILE_BYTES).catch((cause: unknown) => {
    throw new SampleError(`${path} cannot be read: ${readFailure(cause)}.`, { cause });
  });
}

/**
 * Reads what a file of samples has, see `encodeShard`.
 * @throws {SampleError} if it is no such file, or of another scale.
 */
export async function openSamples(path: string, scale: number): Promise<SampleFile> {
  const { header, start } = await readHeader(path);
  const { __metadata__: metadata, small } = header as Record<
    string,
    { scale?: string; conditions?: string; shape?: number[] } | undefined
  >;
  const [count = 0, , height = 0, width = 0] = small?.shape ?? [];
  if (metadata?.conditions !== CONDITIONS.join(" ") || count === 0) {
    throw new SampleError(
      `${path} has no samples of this version: make them with metakernelgan train upscaler-samples.`,
    );
  }
  if (Number(metadata.scale) !== scale) {
    throw new SampleError(
      `${path} has samples for ×${metadata.scale}, not ×${scale}: give --scale ${metadata.scale}, or other samples.`,
    );
  }
  const kernels = header.kernels as { shape?: number[] } | undefined;
  const [, side = 0] = kernels?.shape ?? [];
  const large = [3, scale * height, scale * width];
  const layout: Layout = {
    small: ["U8", [3, height, width]],
    sharp: ["U8", large],
    guesses: ["F16", [2, ...large]],
    kernel: ["F32", [side, side]],
    conditions: ["F32", [CONDITIONS.length]],
  };
  const places = placesOf(path, header, layout, count, start);
  const read = sampleReader(path, places);
  return { count, height, width, scale, cameras: camerasOf(path, places.conditions, count), read };
}

async function readHeader(path: string): Promise<{ header: Record<string, unknown>; start: number }> {
  try {
    const head = await readHead(path, 8);
    const length = Number(new DataView(head.buffer, head.byteOffset).getBigUint64(0, true));
    if (length > MAX_HEADER_BYTES) throw new Error("Its header is too long.");
    const text = (await readHead(path, 8 + length)).subarray(8);
    return { header: JSON.parse(new TextDecoder().decode(text)), start: 8 + length };
  } catch (cause) {
    throw new SampleError(`${path} is damaged: it has no header of tensors; make the samples again.`, {
      cause,
    });
  }
}

/** Names of the tensors in a file, where they differ. */
const NAMES: Partial<Record<keyof StoredSample, string>> = { kernel: "kernels" };

const BYTES: Readonly<Record<string, number>> = { U8: 1, F16: 2, F32: 4 };

function placesOf(
  path: string,
  header: Record<string, unknown>,
  layout: Layout,
  count: number,
  start: number,
): Record<keyof StoredSample, Place> {
  const places = Object.entries(layout).map(([key, [dtype, shape]]) => {
    const name = NAMES[key as keyof StoredSample] ?? key;
    const entry = header[name] as { dtype?: string; shape?: number[]; data_offsets?: number[] } | undefined;
    const bytes = shape.reduce((product, side) => product * side, BYTES[dtype] as number);
    const [begin = 0, end = 0] = entry?.data_offsets ?? [];
    if (
      entry?.dtype !== dtype ||
      entry.shape?.join() !== [count, ...shape].join() ||
      end - begin !== count * bytes
    ) {
      throw new SampleError(
        `${path} is damaged: its tensor ${name} is not ${dtype} [${[count, ...shape]}]; make the samples again.`,
      );
    }
    return [key, { begin: start + begin, bytes }] as const;
  });
  return Object.fromEntries(places) as Record<keyof StoredSample, Place>;
}

/** Of each sample: the probability that a camera took it. */
function camerasOf(path: string, { begin, bytes }: Place, count: number): number[] {
  const data = new Uint8Array(count * bytes);
  const file = openSync(path, "r");
  try {
    readSync(file, data, 0, data.length, begin);
  } finally {
    closeSync(file);
  }
  const conditions = new Float32Array(data.buffer);
  const place = CONDITIONS.indexOf("camera");
  return Array.from({ length: count }, (_, i) => conditions[i * CONDITIONS.length + place] as number);
}

/** Opens the file for each sample, so that a pool of many files needs no more open ones than the system allows. */
function sampleReader(path: string, places: Record<keyof StoredSample, Place>): SampleFile["read"] {
  return (index) => {
    const file = openSync(path, "r");
    try {
      const part = (name: keyof StoredSample): ArrayBuffer => {
        const { begin, bytes } = places[name];
        const data = new Uint8Array(bytes);
        if (readSync(file, data, 0, bytes, begin + index * bytes) !== bytes) {
          throw new SampleError(`${path} ends within sample ${index}: it has changed since the run began.`);
        }
        return data.buffer;
      };
      return {
        small: new Uint8Array(part("small")),
        sharp: new Uint8Array(part("sharp")),
        guesses: new DataView(part("guesses")),
        kernel: new Float32Array(part("kernel")),
        conditions: new Float32Array(part("conditions")),
      };
    } finally {
      closeSync(file);
    }
  };
}

import { stat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { checkWritable } from "../../../node/files/atomic-write.js";
import { makeOutputFolder } from "../../../node/files/output-folder.js";
import { MAX_ENTRIES } from "../../../node/image-io/contact-sheet.js";
import { ALL_IMAGES, listImages, withoutEnding } from "../../../node/image-io/image-folder.js";
import {
  IMAGE_ENDINGS_TEXT,
  IMAGE_FORMATS,
  type ImageFormat,
  imageFormatOf,
} from "../../../node/image-io/image-format.js";
import { UsageError } from "../../shared/errors.js";
import { assertOutputsDistinct } from "../../shared/files/assert-outputs.js";

/** One image and the files of its results. */
export interface UpscaleJob {
  readonly path: string;
  readonly out: string;
  readonly format: ImageFormat;
  readonly compare?: string;
}

/** All files of a run. */
export interface UpscaleFiles {
  readonly jobs: readonly UpscaleJob[];
  /** Whether several images may be meant: then a bad one fails only itself. */
  readonly batch: boolean;
  /** Contact sheet of all results. */
  readonly sheet?: string;
}

/** The options that name the files. */
export interface UpscaleFileOptions {
  readonly out: string;
  readonly format?: ImageFormat;
  readonly compare?: string;
  readonly sheet?: string;
}

/**
 * Finds the images and names all files to write; writes nothing.
 * @param read other files that the command reads.
 * @throws {UsageError} if a file to write has an unknown ending, is written twice, or is read.
 * @throws {FolderError} if a folder of images cannot be read or holds none.
 */
export async function planUpscaleFiles(
  inputs: readonly string[],
  options: UpscaleFileOptions,
  read: readonly string[],
): Promise<UpscaleFiles> {
  const { sheet } = options;
  const folders = await Promise.all(inputs.map(isFolder));
  const batch = inputs.length > 1 || folders[0] === true;
  const listed = inputs.map(async (input, i) =>
    folders[i] ? (await listImages(input, ALL_IMAGES)).map(({ path }) => path) : [input],
  );
  const paths = (await Promise.all(listed)).flat();
  const jobs = batch ? await manyJobs(paths, options) : [await oneJob(paths[0], options)];
  if (sheet !== undefined && imageFormatOf(sheet) !== "png") {
    throw new UsageError(`${sheet}: a contact sheet is written as .png.`);
  }
  if (sheet !== undefined && jobs.length > MAX_ENTRIES) {
    throw new UsageError(`A contact sheet holds up to ${MAX_ENTRIES} images; there are ${jobs.length}.`);
  }
  const files = { jobs, batch, sheet };
  await assertOutputsDistinct(outputsOf(files), [...paths, ...read]);
  return files;
}

/**
 * Makes missing folders and checks that every file can be written.
 * @returns a function that removes those folders that are still empty.
 * @throws {OutputError} if a folder or a file cannot be made; then nothing is left behind.
 */
export async function prepareOutputs(
  files: UpscaleFiles,
  { out, compare }: UpscaleFileOptions,
): Promise<() => Promise<void>> {
  const undo: (() => Promise<void>)[] = [];
  const clean = async () => {
    for (const remove of undo) await remove();
  };
  try {
    for (const path of [out, compare]) {
      if (path !== undefined && (files.batch || endsInSlash(path))) undo.push(await makeOutputFolder(path));
    }
    for (const output of outputsOf(files)) await checkWritable(output);
    return clean;
  } catch (error) {
    await clean();
    throw error;
  }
}

function outputsOf({ jobs, sheet }: UpscaleFiles): string[] {
  return [...jobs.flatMap(({ out, compare }) => [out, compare]), sheet].filter((path) => path !== undefined);
}

async function oneJob(path: string, { out, format, compare }: UpscaleFileOptions): Promise<UpscaleJob> {
  const outFile = (await isFolder(out)) ? named(out, path, format) : out;
  const ofEnding = imageFormatOf(outFile);
  if (!ofEnding) {
    throw new UsageError(
      `${out}: an image is written as ${IMAGE_ENDINGS_TEXT}; or name a folder, with a slash at the end.`,
    );
  }
  if (format !== undefined && format !== ofEnding) {
    throw new UsageError(`--format ${format} does not fit the ending of ${out}; leave --format out.`);
  }
  if (compare === undefined) return { path, out: outFile, format: ofEnding };
  const compareFile = (await isFolder(compare)) ? named(compare, path) : compare;
  if (!imageFormatOf(compareFile)) {
    throw new UsageError(`${compare}: an image is written as ${IMAGE_ENDINGS_TEXT}.`);
  }
  return { path, out: outFile, format: ofEnding, compare: compareFile };
}

async function manyJobs(
  paths: readonly string[],
  { out, format = "png", compare }: UpscaleFileOptions,
): Promise<UpscaleJob[]> {
  if (await isMeantAsFile(out)) {
    throw new UsageError(`${out} is a file, but there may be several images: name a folder for them.`);
  }
  if (compare !== undefined && (await isMeantAsFile(compare))) {
    throw new UsageError(
      `${compare} is a file, but there may be several images: name a folder, or give --sheet ${compare} for one picture of all.`,
    );
  }
  return paths.map((path) => ({
    path,
    out: named(out, path, format),
    format,
    compare: compare === undefined ? undefined : named(compare, path),
  }));
}

/** The name of an image's result in a folder. */
function named(folder: string, path: string, format: ImageFormat = "png"): string {
  return join(folder, withoutEnding(basename(path)) + IMAGE_FORMATS[format].endings[0]);
}

async function isFolder(path: string): Promise<boolean> {
  return endsInSlash(path) || (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

async function isMeantAsFile(path: string): Promise<boolean> {
  if (endsInSlash(path)) return false;
  const info = await stat(path).catch(() => undefined);
  return info ? !info.isDirectory() : imageFormatOf(path) !== undefined;
}

function endsInSlash(path: string): boolean {
  return path.endsWith("/") || path.endsWith(sep);
}

import { stat } from "node:fs/promises";
import { basename, dirname, extname, join, sep } from "node:path";
import { FolderError, type OutputError } from "../../../node/errors.js";
import { checkWritable } from "../../../node/files/atomic-write.js";
import { makeOutputFolder } from "../../../node/files/output-folder.js";
import { MAX_ENTRIES } from "../../../node/image-io/contact-sheet.js";
import {
  type FoundImage,
  findImages,
  type LeftOut,
  leftOutText,
} from "../../../node/image-io/find-images.js";
import { ALL_IMAGES, withoutEnding } from "../../../node/image-io/image-folder.js";
import {
  IMAGE_ENDINGS_TEXT,
  IMAGE_FORMATS,
  type ImageFormat,
  imageFormatOf,
} from "../../../node/image-io/image-format.js";
import { UsageError } from "../../shared/errors.js";
import { assertOutputsDistinct } from "../../shared/files/assert-outputs.js";
import { assertPipedOutput, STREAM, STREAM_NAME } from "../../shared/files/standard-streams.js";

/** One image and the files of its results. */
export interface UpscaleJob {
  readonly path: string;
  readonly out: string;
  readonly format: ImageFormat;
  readonly compare?: string;
  /** The folder of the image, seen from the one that was searched; "" for that one. */
  readonly within: string;
}

/** All files of a run. */
export interface UpscaleFiles {
  readonly jobs: readonly UpscaleJob[];
  /** Whether several images may be meant: then a bad one fails only itself. */
  readonly batch: boolean;
  /** Contact sheet of all results. */
  readonly sheet?: string;
  /** Files and folders in the folders of images that are none. */
  readonly leftOut: readonly LeftOut[];
}

/** The options that name the files. */
export interface UpscaleFileOptions {
  readonly out: string;
  readonly format?: ImageFormat;
  readonly compare?: string;
  readonly sheet?: string;
  readonly recursive?: boolean;
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
  const images: FoundImage[] = [];
  const leftOut: LeftOut[] = [];
  for (const [i, input] of inputs.entries()) {
    const found = folders[i]
      ? await imagesOf(input, options)
      : { images: [{ path: input, within: "" }], leftOut: [] };
    images.push(...found.images);
    leftOut.push(...found.leftOut);
  }
  const paths = images.map(({ path }) => path);
  if (options.out === STREAM && batch) {
    throw new UsageError("Standard output takes one image: name a folder for several with --out.");
  }
  if (options.out === STREAM) assertPipedOutput();
  const jobs = batch ? await manyJobs(images, options) : [await oneJob(paths[0], options)];
  if (sheet !== undefined && imageFormatOf(sheet) !== "png") {
    throw new UsageError(`${sheet}: a contact sheet is written as .png.`);
  }
  if (sheet !== undefined && jobs.length > MAX_ENTRIES) {
    throw new UsageError(`A contact sheet holds up to ${MAX_ENTRIES} images; there are ${jobs.length}.`);
  }
  const files = { jobs, batch, sheet, leftOut };
  await assertOutputsDistinct(outputsOf(files).filter(isFile), [...paths.filter(isFile), ...read]);
  return files;
}

/** The images of a folder. @throws {FolderError} if it has none. */
async function imagesOf(folder: string, { out, recursive }: UpscaleFileOptions) {
  const found = await findImages(folder, { recursive, except: out });
  if (found.images.length > 0) return found;
  const others = found.leftOut.length > 0 ? ` ${leftOutText(folder, found.leftOut)}` : "";
  throw new FolderError(`${folder} holds no ${ALL_IMAGES.text} image.${others}`);
}

/** Outputs that are ready, and what is wrong with the others. */
export interface PreparedOutputs {
  /** Why the results of a job cannot be written; only in a batch, and not for all of them. */
  readonly unwritable: ReadonlyMap<UpscaleJob, OutputError>;
  /** Removes those folders that are still empty. */
  readonly removeEmptyFolders: () => Promise<void>;
}

/**
 * Makes missing folders and checks that every file can be written.
 * @throws {OutputError} if a folder cannot be made, or none of the files; then nothing is left behind.
 */
export async function prepareOutputs(
  files: UpscaleFiles,
  { out, compare }: UpscaleFileOptions,
): Promise<PreparedOutputs> {
  const undo: (() => Promise<void>)[] = [];
  const removeEmptyFolders = async () => {
    for (const remove of undo.reverse()) await remove();
  };
  try {
    for (const path of [out, compare]) {
      if (path !== undefined && (files.batch || endsInSlash(path))) undo.push(await makeOutputFolder(path));
    }
    for (const folder of new Set(files.jobs.flatMap(foldersOf))) undo.push(await makeOutputFolder(folder));
    const unwritable = new Map<UpscaleJob, OutputError>();
    for (const job of files.jobs) {
      try {
        for (const path of resultsOf(job).filter(isFile)) await checkWritable(path);
      } catch (error) {
        if (!files.batch) throw error;
        unwritable.set(job, error as OutputError);
      }
    }
    const [first] = unwritable.values();
    if (first && unwritable.size === files.jobs.length) throw first;
    if (files.sheet !== undefined) await checkWritable(files.sheet);
    return { unwritable, removeEmptyFolders };
  } catch (error) {
    await removeEmptyFolders();
    throw error;
  }
}

/** The folders of a job's results that lie in a folder of a search. */
function foldersOf(job: UpscaleJob): string[] {
  return job.within === "" ? [] : resultsOf(job).map((path) => dirname(path));
}

function resultsOf({ out, compare }: UpscaleJob): string[] {
  return compare === undefined ? [out] : [out, compare];
}

function outputsOf({ jobs, sheet }: UpscaleFiles): string[] {
  return [...jobs.flatMap(resultsOf), ...(sheet === undefined ? [] : [sheet])];
}

async function oneJob(path: string, { out, format, compare }: UpscaleFileOptions): Promise<UpscaleJob> {
  const name = path === STREAM ? STREAM_NAME : nameOf(path);
  const outFile = (await isFolder(out)) ? named(out, name, format) : out;
  const ofEnding = outFile === STREAM ? (format ?? "png") : imageFormatOf(outFile);
  if (!ofEnding) {
    throw new UsageError(
      `${out}: an image is written as ${IMAGE_ENDINGS_TEXT}; or name a folder, with a slash at the end.`,
    );
  }
  if (format !== undefined && format !== ofEnding) {
    throw new UsageError(`--format ${format} does not fit the ending of ${out}; leave --format out.`);
  }
  if (compare === undefined) return { path, out: outFile, format: ofEnding, within: "" };
  const compareFile = (await isFolder(compare)) ? named(compare, name) : compare;
  if (!imageFormatOf(compareFile)) {
    throw new UsageError(`${compare}: an image is written as ${IMAGE_ENDINGS_TEXT}.`);
  }
  return { path, out: outFile, format: ofEnding, compare: compareFile, within: "" };
}

async function manyJobs(
  images: readonly FoundImage[],
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
  const names = namesOf(images);
  return images.map(({ path, within }, i) => ({
    path,
    within,
    out: named(out, names[i] as string, format),
    format,
    compare: compare === undefined ? undefined : named(compare, names[i] as string),
  }));
}

/** The name of an image's result in a folder. */
function named(folder: string, name: string, format: ImageFormat = "png"): string {
  return join(folder, name + IMAGE_FORMATS[format].endings[0]);
}

/** Names of the results without their endings; those of `a.jpg` and `a.png` are `a-jpg` and `a-png`. */
function namesOf(images: readonly FoundImage[]): string[] {
  const names = images.map(({ path, within }) =>
    path === STREAM ? STREAM_NAME : join(within, nameOf(path)),
  );
  const endings = new Map<string, Set<string>>();
  for (const [i, { path }] of images.entries()) {
    const name = names[i] as string;
    endings.set(name, (endings.get(name) ?? new Set()).add(extname(path)));
  }
  return images.map(({ path }, i) => {
    const name = names[i] as string;
    return endings.get(name)?.size === 1 ? name : name + extname(path).replace(".", "-");
  });
}

/** A file's name without the ending of an image; any other part after a dot belongs to the name. */
function nameOf(path: string): string {
  const name = basename(path);
  return ALL_IMAGES.endings.has(extname(name).toLowerCase()) ? withoutEnding(name) : name;
}

function isFile(path: string): boolean {
  return path !== STREAM;
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

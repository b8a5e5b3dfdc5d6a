import { readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { FolderError } from "../errors.js";
import { readFailure } from "../files/system-errors.js";

/** An image file and its name. */
export interface NamedImage {
  /** The file's name without its ending. */
  readonly name: string;
  readonly path: string;
}

/** The kinds of files that count as images. */
interface ImageKinds {
  readonly endings: ReadonlySet<string>;
  /** In words. */
  readonly text: string;
}

/** The kinds of images in benchmarks. */
const BENCHMARK_IMAGES: ImageKinds = {
  endings: new Set([".png", ".jpg", ".jpeg", ".webp"]),
  text: "PNG, JPEG or WebP",
};

/** All kinds of images that can be read. */
export const ALL_IMAGES: ImageKinds = {
  endings: new Set([...BENCHMARK_IMAGES.endings, ".jfif", ".jpe", ".tif", ".tiff", ".avif", ".gif"]),
  text: "PNG, JPEG, WebP, TIFF, AVIF or GIF",
};

/**
 * The images of a folder, sorted by name.
 * @throws {FolderError} if the folder cannot be read or has none, or if two files differ in their ending only.
 */
export async function listImages(folder: string): Promise<NamedImage[]> {
  const files = await listFiles(folder, BENCHMARK_IMAGES.endings);
  if (files.length === 0) throw new FolderError(`${folder} holds no ${BENCHMARK_IMAGES.text} image.`);
  const byName = new Map<string, string>();
  for (const file of files) {
    const name = withoutEnding(file);
    const before = byName.get(name);
    if (before !== undefined) {
      throw new FolderError(
        `${folder}: ${before} and ${file} have the same name, ${name}; rename one of them.`,
      );
    }
    byName.set(name, file);
  }
  return [...byName].map(([name, file]) => ({ name, path: join(folder, file) }));
}

/** Names of the files with one of the endings, without hidden ones, in the same order on every machine. */
export async function listFiles(folder: string, endings: ReadonlySet<string>): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory() && !entry.name.startsWith("."))
      .map(({ name }) => name)
      .filter((name) => endings.has(extname(name).toLowerCase()))
      .sort();
  } catch (cause) {
    throw new FolderError(`${folder} cannot be read: ${readFailure(cause, "folder")}.`, { cause });
  }
}

/** A file's name without its ending. */
export function withoutEnding(file: string): string {
  return file.slice(0, file.length - extname(file).length);
}

import { readdir, realpath, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { FolderError } from "../errors.js";
import { readHead } from "../files/read-file.js";
import { readFailure } from "../files/system-errors.js";
import { isRead, kindOf } from "./file-kind.js";
import { ALL_IMAGES } from "./image-folder.js";

/** An image file found in a folder. */
export interface FoundImage {
  readonly path: string;
  /** The folder that it lies in, seen from the one that was searched; "" for that one. */
  readonly within: string;
}

/** A file or a folder that was left out. */
export interface LeftOut {
  readonly path: string;
  /** In a few words, such as "BMP is not read". */
  readonly reason: string;
}

/** Options of {@link findImages}. */
export interface FindImagesOptions {
  /** Whether folders within the folder are searched too. */
  readonly recursive?: boolean;
  /** A folder that is not searched: that of the results. */
  readonly except?: string;
}

/** Bytes that tell a file's kind. */
const HEAD_BYTES = 4096;

/**
 * The image files of a folder, sorted by name, and all else that lies there. A file counts as an image by a known
 * ending, or, with any other or none, by its first bytes. Hidden files count for nothing.
 * @throws {FolderError} if the folder cannot be read.
 */
export async function findImages(
  folder: string,
  { recursive = false, except }: FindImagesOptions = {},
): Promise<{ images: FoundImage[]; leftOut: LeftOut[] }> {
  const images: FoundImage[] = [];
  const leftOut: LeftOut[] = [];
  const excepted = except === undefined ? undefined : await realpath(except).catch(() => undefined);
  const searched = new Set<string>();
  const search = async (path: string, within: string): Promise<void> => {
    searched.add(await realpath(path).catch(() => path));
    for (const name of await entriesOf(path)) {
      const entry = join(path, name);
      if (name.includes(REPLACED)) {
        leftOut.push({ path: entry, reason: "its name is not UTF-8: rename it" });
        continue;
      }
      const info = await stat(entry).catch(() => undefined);
      if (info?.isDirectory()) {
        const real = await realpath(entry);
        if (real === excepted) continue;
        if (!recursive) leftOut.push({ path: entry, reason: "folders are read with -r" });
        else if (searched.has(real)) leftOut.push({ path: entry, reason: "its folder is read already" });
        else if (await isListed(entry)) await search(entry, join(within, name));
        else leftOut.push({ path: entry, reason: "it cannot be opened" });
      } else if (info && !info.isFile()) {
        leftOut.push({ path: entry, reason: "pipes and devices are not read" });
      } else {
        // A link that leads nowhere fails later, as a file that cannot be read.
        const reason = info ? await whyNot(entry) : undefined;
        if (reason === undefined) images.push({ path: entry, within });
        else leftOut.push({ path: entry, reason });
      }
    }
  };
  await search(folder, "");
  return { images, leftOut };
}

/** What stands in a name for bytes that are no text. */
const REPLACED = "\ufffd";

async function isListed(folder: string): Promise<boolean> {
  return readdir(folder).then(
    () => true,
    () => false,
  );
}

/** Names in a folder, without hidden ones, in the same order on every machine. */
async function entriesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith(".")).sort();
  } catch (cause) {
    throw new FolderError(`${folder} cannot be read: ${readFailure(cause, "folder")}.`, { cause });
  }
}

/** Why a file is no image to read; undefined if it is one, or cannot be opened, which its reader reports. */
async function whyNot(path: string): Promise<string | undefined> {
  if (ALL_IMAGES.endings.has(extname(path).toLowerCase())) return undefined;
  const head = await readHead(path, HEAD_BYTES).catch(() => undefined);
  if (!head) return "it cannot be opened";
  const kind = kindOf(head, path);
  if (kind && isRead(kind)) return undefined;
  return kind ? `${kind.name} is not read` : "no image";
}

/** What was left out in one sentence; the names of each reason are cut after a few. */
export function leftOutText(folder: string, leftOut: readonly LeftOut[]): string {
  const byReason = new Map<string, string[]>();
  for (const { path, reason } of leftOut) {
    byReason.set(reason, [...(byReason.get(reason) ?? []), basename(path)]);
  }
  const parts = [...byReason].map(([reason, names]) => `${namesText(names)} (${reason})`);
  return `${folder}: left out ${parts.join("; ")}.`;
}

const MAX_NAMES = 5;

function namesText(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return more > 0 ? `${names.slice(0, MAX_NAMES).join(", ")} and ${more} more` : names.join(", ");
}

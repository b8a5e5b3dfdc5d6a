import { randomBytes } from "node:crypto";
import { lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { CacheError } from "../errors.js";
import { systemErrorCode } from "../files/system-errors.js";

/** Name of the file that ends every cache entry: the size in bytes of each of its files. */
const MANIFEST = "manifest.json";

/** A folder that holds cache entries; `shared` where other users of the machine could have written it. */
interface CacheRoot {
  readonly path: string;
  readonly shared: boolean;
}

/**
 * Where unpacked archives may live, best first: `$METAKERNELGAN_CACHE` alone where it is set; else
 * `$XDG_CACHE_HOME/metakernelgan`, `~/.cache/metakernelgan`, and a folder of this user's under the system's
 * temporary folder.
 */
function cacheRoots(): CacheRoot[] {
  const { METAKERNELGAN_CACHE: own, XDG_CACHE_HOME: xdg } = process.env;
  if (own) return [{ path: own, shared: false }];
  const roots: CacheRoot[] = [];
  if (xdg) roots.push({ path: join(xdg, "metakernelgan"), shared: false });
  const home = homedir();
  if (home) roots.push({ path: join(home, ".cache", "metakernelgan"), shared: false });
  const user = process.getuid?.() ?? userInfo().username;
  roots.push({ path: join(tmpdir(), `metakernelgan-${user}`), shared: true });
  return roots;
}

/**
 * The folder of a cache entry, filled on first use. A new entry is filled under a temporary name and renamed
 * when it is complete, so that two processes at once never see half of it; an entry whose files are missing or
 * have changed in size is filled again.
 * @param key name of the entry; holds the version of what it is made of.
 * @param fill writes the entry's files into the empty folder that it is given.
 * @throws {CacheError} if no cache folder can be written, or `fill` fails.
 */
export async function cacheEntry(key: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const roots = cacheRoots();
  for (const root of roots) {
    const entry = join(root.path, key);
    if ((await isTrusted(root)) && (await isComplete(entry))) return entry;
  }
  const failures: string[] = [];
  let cause: unknown;
  for (const root of roots) {
    try {
      await mkdir(root.path, { recursive: true, mode: 0o700 });
      if (await isTrusted(root)) return await makeEntry(root.path, key, fill);
      failures.push(`${root.path} (others than you could write there)`);
    } catch (error) {
      cause ??= error;
      failures.push(`${root.path} (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  throw new CacheError(
    `None of these can be used as a cache folder: ${failures.join("; ")}. Set METAKERNELGAN_CACHE to a folder that can be written.`,
    { cause },
  );
}

async function makeEntry(
  root: string,
  key: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const entry = join(root, key);
  const temporary = join(root, `.${key}-${process.pid}-${randomBytes(4).toString("hex")}`);
  try {
    await mkdir(temporary);
    await fill(temporary);
    await writeFile(join(temporary, MANIFEST), JSON.stringify(await fileSizes(temporary)));
    await moveInto(temporary, entry);
    return entry;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Renames a complete folder to its final name; if another process was first, its folder stays. */
async function moveInto(temporary: string, entry: string): Promise<void> {
  try {
    await rename(temporary, entry);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code !== "ENOTEMPTY" && code !== "EEXIST" && code !== "EPERM") throw error;
    if (await isComplete(entry)) return;
    const damaged = `${temporary}-damaged`;
    await rename(entry, damaged);
    await rename(temporary, entry);
    await rm(damaged, { recursive: true, force: true });
  }
}

/** Whether every file that the entry was made with is there with its size. */
async function isComplete(entry: string): Promise<boolean> {
  try {
    const sizes: unknown = JSON.parse(await readFile(join(entry, MANIFEST), "utf8"));
    if (typeof sizes !== "object" || sizes === null) return false;
    for (const [name, size] of Object.entries(sizes)) {
      if ((await stat(join(entry, name))).size !== size) return false;
    }
    return true;
  } catch {
    return false;
  }
}

/** Whether only this user can have put files there: native libraries of the cache run inside this process. */
async function isTrusted({ path, shared }: CacheRoot): Promise<boolean> {
  if (!shared || !process.getuid) return true;
  const info = await lstat(path).catch(() => undefined);
  return info?.isDirectory() === true && info.uid === process.getuid() && (info.mode & 0o022) === 0;
}

async function fileSizes(folder: string): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {};
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    sizes[path.slice(folder.length + 1)] = (await stat(path)).size;
  }
  return sizes;
}

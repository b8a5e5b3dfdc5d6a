import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { homedir, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { CacheError } from "../errors.js";
import { makeFolder } from "../files/make-folder.js";
import { systemErrorCode, writeFailure } from "../files/system-errors.js";
import { noteTemporary } from "../files/temporaries.js";
import { removeLeftovers, temporaryName } from "../files/temporary-names.js";

/** Name of the file that ends every cache entry: what each of its files is to be. */
const MANIFEST = "manifest.json";

/** A file of a cache entry as it was unpacked. */
interface FileRecord {
  readonly size: number;
  readonly sha256: string;
}

/** A file's time of change in milliseconds once its contents were checked. Whoever writes into the file changes it. */
const CHECKED = 946_684_800_000;

/** Larger files are read only where their time says that something was written: that of a browser takes a second. */
const MAX_ALWAYS_READ = 50_000_000;

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
 * have changed is filled again, and what killed processes have left is removed.
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
      await makeFolder(root.path, 0o700);
      if (await isTrusted(root)) return await makeEntry(root.path, key, fill);
      failures.push(`${root.path} (others than you could write there)`);
    } catch (error) {
      cause ??= error;
      const { path = root.path } = error as NodeJS.ErrnoException;
      failures.push(`${root.path} (${writeFailure(error, path)})`);
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
  await removeLeftovers(root);
  const temporary = await temporaryName(root);
  const forget = noteTemporary(temporary);
  try {
    await mkdir(temporary);
    await fill(temporary);
    await writeFile(join(temporary, MANIFEST), JSON.stringify(await recordFiles(temporary)));
    await moveInto(temporary, entry);
    return entry;
  } finally {
    await rm(temporary, { recursive: true, force: true });
    forget();
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
    const damaged = await temporaryName(join(entry, ".."));
    await rename(entry, damaged);
    await rename(temporary, entry);
    await rm(damaged, { recursive: true, force: true });
  }
}

/** Whether every file that the entry was made with is there as it was. */
async function isComplete(entry: string): Promise<boolean> {
  try {
    const records = Object.entries(
      JSON.parse(await readFile(join(entry, MANIFEST), "utf8")) as Record<string, FileRecord>,
    );
    for (const [name, record] of records) {
      if (!(await isAsRecorded(join(entry, name), record))) return false;
    }
    return records.length > 0;
  } catch {
    return false;
  }
}

async function isAsRecorded(path: string, { size, sha256 }: FileRecord): Promise<boolean> {
  const info = await stat(path);
  if (info.size !== size) return false;
  if (size > MAX_ALWAYS_READ && info.mtimeMs === CHECKED) return true;
  if ((await sha256Of(path)) !== sha256) return false;
  if (size > MAX_ALWAYS_READ) await utimes(path, new Date(), new Date(CHECKED)).catch(() => {});
  return true;
}

/** Whether only this user can have put files there: native libraries of the cache run inside this process. */
async function isTrusted({ path, shared }: CacheRoot): Promise<boolean> {
  if (!shared || !process.getuid) return true;
  const info = await lstat(path).catch(() => undefined);
  return info?.isDirectory() === true && info.uid === process.getuid() && (info.mode & 0o022) === 0;
}

async function recordFiles(folder: string): Promise<Record<string, FileRecord>> {
  const records: Record<string, FileRecord> = {};
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    const { size } = await stat(path);
    records[path.slice(folder.length + 1)] = { size, sha256: await sha256Of(path) };
    await utimes(path, new Date(), new Date(CHECKED));
  }
  return records;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

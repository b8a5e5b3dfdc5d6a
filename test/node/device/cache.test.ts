import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cacheEntry } from "../../../src/node/device/cache.js";
import { CacheError } from "../../../src/node/errors.js";
import { temporaryName } from "../../../src/node/files/temporary-names.js";

let root: string;
const before = process.env.METAKERNELGAN_CACHE;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "metakernelgan-test-"));
  process.env.METAKERNELGAN_CACHE = root;
});

afterEach(async () => {
  if (before === undefined) delete process.env.METAKERNELGAN_CACHE;
  else process.env.METAKERNELGAN_CACHE = before;
  await rm(root, { recursive: true });
});

/** Fills an entry with one file, and counts how often it was asked to. */
function filler() {
  const fill = async (folder: string) => {
    fill.calls++;
    await writeFile(join(folder, "library.so"), "contents");
  };
  fill.calls = 0;
  return fill;
}

test("an entry is filled once", async () => {
  const fill = filler();
  const folder = await cacheEntry("thing-1.0", fill);
  expect(await cacheEntry("thing-1.0", fill)).toBe(folder);
  expect(await readFile(join(folder, "library.so"), "utf8")).toBe("contents");
  expect(fill.calls).toBe(1);
});

test("an entry with a file missing or cut short is filled anew", async () => {
  const fill = filler();
  const folder = await cacheEntry("thing-1.0", fill);
  await writeFile(join(folder, "library.so"), "cont");
  await cacheEntry("thing-1.0", fill);
  expect(await readFile(join(folder, "library.so"), "utf8")).toBe("contents");
  await rm(join(folder, "library.so"));
  await cacheEntry("thing-1.0", fill);
  expect(fill.calls).toBe(3);
  expect(await readdir(root)).toEqual(["thing-1.0"]);
});

test("many callers at once get one complete entry", async () => {
  const folders = await Promise.all(Array.from({ length: 8 }, () => cacheEntry("thing-1.0", filler())));
  expect(new Set(folders).size).toBe(1);
  expect(await readdir(root)).toEqual(["thing-1.0"]);
});

test("a failure leaves nothing behind, and says which folder it was", async () => {
  const fail = () => Promise.reject(new Error("no space"));
  const failure = cacheEntry("thing-1.0", fail);
  await expect(failure).rejects.toThrow(CacheError);
  await expect(failure).rejects.toThrow(/no space.*METAKERNELGAN_CACHE/);
  expect(await readdir(root)).toEqual([]);
});

test("where no folder can be used, each is named with its own reason", async () => {
  const names = ["XDG_CACHE_HOME", "HOME", "TMPDIR", "METAKERNELGAN_CACHE"] as const;
  const own = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  try {
    delete process.env.METAKERNELGAN_CACHE;
    await writeFile(join(root, "file"), "");
    await mkdir(join(root, "tmp", `metakernelgan-${process.getuid?.()}`), { recursive: true });
    await chmod(join(root, "tmp", `metakernelgan-${process.getuid?.()}`), 0o777);
    process.env.XDG_CACHE_HOME = join(root, "file");
    process.env.HOME = join(root, "home");
    process.env.TMPDIR = join(root, "tmp");
    const full = () => Promise.reject(new Error("no space left"));
    const error: Error = await cacheEntry("thing-1.0", full).then(
      () => new Error("none"),
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(CacheError);
    const reasons = [
      `${join(root, "file", "metakernelgan")} (${join(root, "file")} is not a folder)`,
      `${join(root, "home", ".cache", "metakernelgan")} (no space left)`,
      `${join(root, "tmp")}/metakernelgan-${process.getuid?.()} (others than you could write there)`,
    ];
    for (const reason of reasons) expect(error.message).toContain(reason);
  } finally {
    for (const [name, value] of Object.entries(own)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});

test("a file that was overwritten in its own size is unpacked again", async () => {
  const fill = filler();
  const folder = await cacheEntry("thing-1.0", fill);
  await writeFile(join(folder, "library.so"), "CONTENTS");
  await cacheEntry("thing-1.0", fill);
  expect(await readFile(join(folder, "library.so"), "utf8")).toBe("contents");
  expect(fill.calls).toBe(2);
});

test("a large file is read again where something was written into it", async () => {
  const size = 60_000_000;
  const fill = async (folder: string) => writeFile(join(folder, "browser"), new Uint8Array(size));
  const folder = await cacheEntry("large-1.0", fill);
  const file = await open(join(folder, "browser"), "r+");
  await file.write(Uint8Array.of(7), 0, 1, 30_000_000);
  await file.close();
  await cacheEntry("large-1.0", fill);
  expect((await readFile(join(folder, "browser"))).every((byte) => byte === 0)).toBe(true);
});

test("what a killed unpacking has left goes at the next one, and what a live one writes stays", async () => {
  const program = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const leftover = await temporaryName(root);
  const ofAnother = (pid: number | undefined) =>
    leftover.replace(`-${process.pid}-`, `-${pid}-`).replace(/-\d+-(?=[0-9a-f]{12}\.tmp$)/, "--");
  const live = ofAnother(program.pid);
  const dead = ofAnother(2 ** 22 + 1);
  for (const path of [live, dead]) await mkdir(join(path, "part"), { recursive: true });
  await cacheEntry("thing-1.0", filler());
  expect((await readdir(root)).sort()).toEqual([basename(live), "thing-1.0"].sort());
  program.kill();
});

test("a folder in which the system lets nothing be made is named as such", async () => {
  process.env.METAKERNELGAN_CACHE = "/proc";
  await expect(cacheEntry("thing-1.0", filler())).rejects.toThrow(/\/proc \(no file can be made in \/proc\)/);
});

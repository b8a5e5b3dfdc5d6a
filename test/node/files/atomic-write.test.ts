import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { OutputError } from "../../../src/node/errors.js";
import { checkWritable, writeFileAtomic } from "../../../src/node/files/atomic-write.js";
import { skipAsRoot, skipped } from "../../support/skip.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "metakernelgan-test-"));
});

afterEach(() => rm(folder, { recursive: true }));

test("writes a new file, and replaces an old one", async () => {
  const path = join(folder, "out.bin");
  await checkWritable(path);
  expect(await readdir(folder)).toEqual([]);
  await writeFileAtomic(path, new Uint8Array([1, 2, 3]));
  expect([...(await readFile(path))]).toEqual([1, 2, 3]);
  await checkWritable(path);
  expect([...(await readFile(path))]).toEqual([1, 2, 3]);
  await writeFileAtomic(path, "text");
  expect(await readFile(path, "utf8")).toBe("text");
  expect(await readdir(folder)).toEqual(["out.bin"]);
});

const onWindows = skipped(
  process.platform === "win32",
  "writing through links and to devices",
  "Windows has neither: run it on Linux or macOS",
);

test.skipIf(onWindows)("writes through a link", async () => {
  await writeFile(join(folder, "real"), "old");
  await symlink("real", join(folder, "link"));
  await writeFileAtomic(join(folder, "link"), "new");
  expect(await readFile(join(folder, "real"), "utf8")).toBe("new");
});

test.skipIf(onWindows)("leaves a device in its place", async () => {
  await checkWritable("/dev/null");
  await writeFileAtomic("/dev/null", "nothing");
  expect(await readFile("/dev/null", "utf8")).toBe("");
});

test("takes a name as long as the file system does", async () => {
  const path = join(folder, "n".repeat(255));
  await writeFileAtomic(path, "text");
  expect(await readFile(path, "utf8")).toBe("text");
});

test.each([
  ["a folder that is missing", ["missing", "out.png"], /does not exist/],
  ["a folder that is a file", ["file", "out.png"], /is not a folder/],
  ["a folder as the file", ["folder"], /is a folder; name a file/],
  ["a name that is too long", ["n".repeat(256)], /name is too long/],
])("refuses %s", async (_, parts, message) => {
  await writeFile(join(folder, "file"), "");
  await mkdir(join(folder, "folder"));
  const path = join(folder, ...parts);
  for (const attempt of [() => checkWritable(path), () => writeFileAtomic(path, "text")]) {
    const error = await attempt().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OutputError);
    expect((error as OutputError).message).toMatch(message);
  }
  expect((await readdir(folder)).sort()).toEqual(["file", "folder"]);
});

test.skipIf(process.platform !== "linux")("does not call a folder missing that takes no files", async () => {
  for (const attempt of [() => checkWritable("/proc/x.png"), () => writeFileAtomic("/proc/x.png", "text")]) {
    await expect(attempt()).rejects.toThrow("no file can be made in /proc");
  }
});

test("leaves nothing behind where the writing itself fails", async () => {
  const path = join(folder, "out.bin");
  await expect(writeFileAtomic(path, 42 as unknown as string)).rejects.toThrow(OutputError);
  expect(await readdir(folder)).toEqual([]);
  await writeFile(path, "old");
  await expect(writeFileAtomic(path, 42 as unknown as string)).rejects.toThrow(OutputError);
  expect(await readdir(folder)).toEqual(["out.bin"]);
  expect(await readFile(path, "utf8")).toBe("old");
});

test("refuses an empty name", async () => {
  await expect(checkWritable("")).rejects.toThrow(/empty/);
});

test("refuses what is protected", async (context) => {
  skipAsRoot(context);
  const file = join(folder, "protected");
  await writeFile(file, "old");
  await chmod(file, 0o444);
  await expect(writeFileAtomic(file, "new")).rejects.toThrow(/permission denied/);
  await chmod(folder, 0o555);
  await expect(checkWritable(join(folder, "new"))).rejects.toThrow(/permission denied/);
  await chmod(folder, 0o755);
});

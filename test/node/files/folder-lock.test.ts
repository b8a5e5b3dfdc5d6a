import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { OutputError } from "../../../src/node/errors.js";
import { lockFolder } from "../../../src/node/files/folder-lock.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("holds a folder until it is given free", async () => {
  const unlock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${process.pid}`);
  await unlock();
  expect(await readdir(folder)).toEqual([]);
  await (await lockFolder(folder))();
});

const claim = (pid: number | undefined): string => join(folder, `lock-${pid}-0123456789abcdef`);

it("respects another process while it lives, and not after it was killed", async () => {
  const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await writeFile(claim(other.pid), "");
  await expect(lockFolder(folder)).rejects.toThrow(OutputError);
  other.kill("SIGKILL");
  await once(other, "exit");
  const began = performance.now();
  await (await lockFolder(folder))();
  expect(performance.now() - began).toBeLessThan(500);
  expect(await readdir(folder)).toEqual([]);
});

it("does not count an earlier process that had this one's number, as in a container", async () => {
  await writeFile(claim(process.pid), "");
  await (await lockFolder(folder))();
  expect(await readdir(folder)).toEqual([]);
});

it("is given free where the folder was moved to", async () => {
  const [before, after] = [join(folder, "before"), join(folder, "after")];
  await mkdir(before);
  const unlock = await lockFolder(before);
  await rename(before, after);
  await expect(lockFolder(after)).rejects.toThrow("in use");
  await unlock(after);
  expect(await readdir(after)).toEqual([]);
  await rm(after, { recursive: true });
});

it("says where it cannot write", async () => {
  await expect(lockFolder(join(folder, "nothing"))).rejects.toThrow(OutputError);
});

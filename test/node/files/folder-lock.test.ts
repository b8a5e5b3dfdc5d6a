import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
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
  const free = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${process.pid}`);
  await free();
  expect(await readdir(folder)).toEqual([]);
  await (await lockFolder(folder))();
});

it("respects another process while it lives, and not after it was killed", async () => {
  const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await writeFile(join(folder, "lock"), String(other.pid));
  await expect(lockFolder(folder)).rejects.toThrow(OutputError);
  other.kill("SIGKILL");
  await once(other, "exit");
  await (await lockFolder(folder))();
});

it("does not count a lock that names no process", async () => {
  await writeFile(join(folder, "lock"), "");
  await (await lockFolder(folder))();
});

it("says where it cannot write", async () => {
  await expect(lockFolder(join(folder, "nothing"))).rejects.toThrow(OutputError);
});

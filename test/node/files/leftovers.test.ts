import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { OutputError } from "../../../src/node/errors.js";
import { checkWritable, writeFileAtomic } from "../../../src/node/files/atomic-write.js";
import { writeFolders } from "../../../src/node/files/staged-folders.js";
import { removeLeftovers, temporaryName } from "../../../src/node/files/temporary-names.js";
import { RunFolder } from "../../../src/node/runs/run-folder.js";

const root = mkdtempSync(join(tmpdir(), "leftovers-"));
afterAll(() => rmSync(root, { recursive: true }));

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(root, "case-"));
});

/** A temporary name as of a process that is gone. */
async function leftover(): Promise<string> {
  const name = (await temporaryName(folder)).replace(/-\d+-\d*-(?=[0-9a-f]{12}\.tmp$)/, "-4194305--");
  expect(basename(name)).not.toContain(String(process.pid));
  return name;
}

test("leftovers of killed processes go, those of live ones and of other machines stay", async () => {
  const dead = await leftover();
  const live = await temporaryName(folder);
  const elsewhere = dead.replace(/mkg-[0-9a-f]{8}/, "mkg-00000000");
  const others = join(folder, ".0123456789ab.tmp");
  for (const path of [dead, live, elsewhere, others]) writeFileSync(path, "half");
  await removeLeftovers(folder);
  expect([dead, live, elsewhere, others].map(existsSync)).toEqual([false, true, true, true]);
});

test("a file that is about to be written has its folder cleaned, once", async () => {
  const [first, second] = [await leftover(), await leftover()];
  writeFileSync(first, "half");
  await checkWritable(join(folder, "a.png"));
  expect(readdirSync(folder)).toEqual([]);
  writeFileSync(second, "half");
  await checkWritable(join(folder, "b.png"));
  expect(readdirSync(folder)).toEqual([basename(second)]);
});

test("folders are made within their parent", async () => {
  mkdirSync(await leftover());
  await writeFolders(folder, ["a"], async (staging) => {
    expect(readdirSync(folder)).toEqual([basename(staging)]);
    expect(readdirSync(root).filter((name) => name.startsWith("."))).toEqual([]);
    writeFileSync(join(staging, "a/file"), "whole");
  });
  expect(readdirSync(folder)).toEqual(["a"]);
});

test("a run can begin where a beginning was killed, but not among other files", async () => {
  mkdirSync(await leftover());
  writeFileSync(join(folder, "lock-4194305--01234567-0123456789abcdef"), "");
  await RunFolder.assertFree(folder);
  // Killed between the two files that begin a run.
  writeFileSync(join(folder, "checkpoint.safetensors"), "");
  await RunFolder.assertFree(folder);
  writeFileSync(join(folder, "notes"), "");
  await expect(RunFolder.assertFree(folder)).rejects.toThrow(/is not empty/);
});

test("a full disk is named as such, with the file", async () => {
  await expect(writeFileAtomic("/dev/full", "text")).rejects.toThrow(
    new OutputError("/dev/full cannot be written: no space is left on the device."),
  );
});

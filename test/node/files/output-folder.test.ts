import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { OutputError } from "../../../src/node/errors.js";
import { makeOutputFolder } from "../../../src/node/files/output-folder.js";
import { noteNewFolder, noteTemporary, removeTemporaries } from "../../../src/node/files/temporaries.js";

const folder = mkdtempSync(join(tmpdir(), "output-folder-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("makes a folder in folders, and removes it if it is empty", async () => {
  const path = join(folder, "a/b/c");
  const remove = await makeOutputFolder(path);
  const removeNothing = await makeOutputFolder(path);
  await removeNothing();
  expect(existsSync(path)).toBe(true);
  await remove();
  expect(existsSync(path)).toBe(false);
});

test.runIf(process.platform === "linux")("where no folder can be made, it says so at once", async () => {
  await expect(makeOutputFolder("/proc/nowhere/deep")).rejects.toThrow(OutputError);
  await expect(makeOutputFolder("/proc/nowhere")).rejects.toThrow(OutputError);
});

test("what is temporary goes when the process is ended, but no folder that has got contents", () => {
  const [file, forgotten, empty, full] = ["file", "forgotten", "empty", "full"].map((name) =>
    join(folder, name),
  );
  writeFileSync(file, "");
  writeFileSync(forgotten, "");
  noteTemporary(file);
  noteTemporary(forgotten)();
  for (const path of [empty, full]) mkdirSync(path);
  writeFileSync(join(full, "kept"), "");
  noteNewFolder(full);
  noteNewFolder(empty);
  removeTemporaries();
  expect([file, forgotten, empty, full].map(existsSync)).toEqual([false, true, false, true]);
});

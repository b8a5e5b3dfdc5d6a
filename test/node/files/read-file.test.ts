import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseInput } from "../../../src/cli/shared/read-input.js";
import { writeFileAtomic } from "../../../src/node/files/atomic-write.js";
import { readKernel } from "../../../src/node/files/kernel-files.js";
import { readRegularFile } from "../../../src/node/files/read-file.js";
import { readFailure } from "../../../src/node/files/system-errors.js";
import { readImage } from "../../../src/node/image-io/read-image.js";
import { RunFolder } from "../../../src/node/runs/run-folder.js";
import { listTrainingFiles } from "../../../src/node/runs/training-images.js";

const folder = mkdtempSync(join(tmpdir(), "read-file-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function pipe(name: string): string {
  const path = join(folder, name);
  execFileSync("sh", ["-c", 'mkfifo "$0"', path]);
  return path;
}

/** A file of so many bytes that takes no room. */
function large(name: string, bytes: number): string {
  const path = join(folder, name);
  writeFileSync(path, "");
  truncateSync(path, bytes);
  return path;
}

test("a file comes as it is, also where the system says no size", async () => {
  const path = join(folder, "file");
  writeFileSync(path, "text");
  expect((await readRegularFile(path, 4)).toString()).toBe("text");
  expect((await readRegularFile("/proc/self/status", 100_000)).toString()).toMatch(/^Name:/);
  await expect(readRegularFile("/proc/self/status", 100)).rejects.toThrow(/at most 0 MB/);
});

describe("a pipe is refused and nobody waits for its writer:", () => {
  test.each<[string, (path: string) => Promise<unknown>]>([
    ["image.png", readImage],
    ["kernel.npy", (path) => readKernel(path, 2)],
    ["weights.safetensors", (path) => parseInput(path, () => {})],
  ])("%s", async (name, read) => {
    await expect(read(pipe(name))).rejects.toThrow(/it is a pipe, not a file; save its contents as a file/);
  });

  test("the configuration of a run", async () => {
    pipe("config.json");
    await expect(RunFolder.open(folder)).rejects.toThrow(/config\.json cannot be read: it is a pipe/);
  });

  test("a photo to learn from", async () => {
    expect((await listTrainingFiles([folder])).paths).toEqual([join(folder, "image.png")]);
  });
});

test("a device and a socket are refused", async () => {
  await expect(readImage("/dev/zero")).rejects.toThrow(/\/dev\/zero cannot be read: it is a device/);
  const path = join(folder, "socket.png");
  const server = createServer().listen(path);
  await new Promise((resolve) => server.once("listening", resolve));
  await expect(readImage(path)).rejects.toThrow(/socket\.png cannot be read: it is a socket or a device/);
  server.close();
});

test("the system's errors are in words", async () => {
  const path = join(folder, "loop.png");
  symlinkSync("loop.png", path);
  await expect(readImage(path)).rejects.toThrow(
    `${path} cannot be read: it is a link that leads back to itself.`,
  );
  await expect(writeFileAtomic(path, "")).rejects.toThrow(/cannot be written: it is a link that leads back/);
  const busy = Object.assign(new Error("EBUSY: resource busy or locked, open 'x'"), {
    code: "EBUSY",
    errno: -16,
  });
  expect(readFailure(busy)).toBe("resource busy or locked");
});

test("a file that is too large is refused before it is read", async () => {
  await expect(readKernel(large("large.npy", 5e6), 2)).rejects.toThrow(
    /it has 5 MB, and at most 4 MB are read/,
  );
  await expect(readImage(large("large.png", 3e9))).rejects.toThrow(/it has 3000 MB/);
  await expect(parseInput(large("large.safetensors", 6e8), () => {})).rejects.toThrow(/it has 600 MB/);
});

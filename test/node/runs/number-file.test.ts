import { mkdtemp, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { OutputError } from "../../../src/node/errors.js";
import { numberFile } from "../../../src/node/runs/number-file.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "numbers-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("keeps whole units, and drops the part of one that a killed process left", async () => {
  const path = join(folder, "numbers");
  const numbers = new Float32Array(8);
  expect(await numberFile(path).read(numbers, 2)).toBe(0);
  await numberFile(path).append(Float32Array.of(1, 2));
  await numberFile(path).append(Float32Array.of(3, 4, 5, 6));
  await truncate(path, 21);
  expect(await numberFile(path).read(numbers, 2)).toBe(2);
  expect([...numbers]).toEqual([1, 2, 3, 4, 0, 0, 0, 0]);
  await numberFile(path).append(Float32Array.of(7, 8));
  expect(new Float32Array(new Uint8Array(await readFile(path)).buffer)).toEqual(
    Float32Array.of(1, 2, 3, 4, 7, 8),
  );
});

it("reads no more units than there is room for", async () => {
  const path = join(folder, "many");
  await numberFile(path).append(Float32Array.of(1, 2, 3, 4, 5, 6));
  const numbers = new Float32Array(4);
  expect(await numberFile(path).read(numbers, 2)).toBe(2);
  expect([...numbers]).toEqual([1, 2, 3, 4]);
});

it("drops a file that holds no whole unit", async () => {
  const path = join(folder, "short");
  await numberFile(path).append(Float32Array.of(1));
  expect(await numberFile(path).read(new Float32Array(4), 2)).toBe(0);
  expect(await readFile(path)).toHaveLength(0);
});

it("says what cannot be written", async () => {
  const store = numberFile(join(folder, "missing", "numbers"));
  await expect(store.append(Float32Array.of(1))).rejects.toThrow(OutputError);
});

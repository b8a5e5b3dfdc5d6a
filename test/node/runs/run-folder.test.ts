import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { OutputError } from "../../../src/node/errors.js";
import type { RunConfig } from "../../../src/node/runs/run-config.js";
import { RunFolder } from "../../../src/node/runs/run-folder.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "metakernelgan-test-"));
});

afterEach(() => rm(folder, { recursive: true }));

it("is begun by one of the processes that begin it at once; the others hear so in words", async () => {
  const path = join(folder, "run");
  const begin = () => RunFolder.create(path, {} as RunConfig, { tensors: new Map(), metadata: {} });
  const outcomes = await Promise.allSettled(Array.from({ length: 4 }, begin));
  const begun = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  const failed = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
  expect(begun).toHaveLength(1);
  for (const error of failed) {
    expect(error).toBeInstanceOf(OutputError);
    expect(error.message).toContain(`${path} is in use by process`);
  }
  await begun[0]?.unlock();
  expect(await readdir(folder)).toEqual(["run"]);
});

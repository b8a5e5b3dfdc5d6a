import { expect, it } from "vitest";
import * as library from "../src/index.js";
import * as single from "../src/single.js";
import * as worker from "../src/worker.js";

it("the single file has all of the library and its worker, but for the reader of PyTorch's checkpoints", () => {
  const names = [library, worker].flatMap((entry) => Object.keys(entry));
  expect(Object.keys(single).sort()).toEqual(names.filter((name) => name !== "importCheckpoint").sort());
});

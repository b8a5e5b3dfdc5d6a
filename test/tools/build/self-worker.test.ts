import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { ownWorker } from "../../../tools/build/self-worker-plugin.js";

it("makes a program whose address names a file that runs the program again", () => {
  const code = 'let mine = 1 + "`"; runs.push([typeof import.meta.url, mine]); start(import.meta.url);';
  const runs: unknown[] = [];
  const started: unknown[] = [];
  class Text {
    constructor(
      readonly parts: readonly string[],
      readonly options: unknown,
    ) {}
  }
  const context = {
    runs,
    start: (address: unknown) => started.push(address),
    Blob: Text,
    URL: { createObjectURL: ({ parts }: Text) => parts.join("") },
  };
  runInNewContext(ownWorker(code), context);
  expect(runs).toEqual([["string", "1`"]]);
  const [own] = started as string[];
  runInNewContext(own as string, context);
  expect(runs).toEqual([
    ["string", "1`"],
    ["undefined", "1`"],
  ]);
  expect(started).toEqual([own, undefined]);
});

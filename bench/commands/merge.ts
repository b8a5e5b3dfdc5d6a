import { readFileSync } from "node:fs";
import { Command } from "commander";
import { BenchError } from "../report/errors.js";
import type { BenchResult } from "../report/result/result.js";
import { parseResult } from "../report/same-place.js";
import { mergedTable } from "../report/tables/merge.js";

export function mergeCommand(): Command {
  return new Command("merge")
    .description("print one table of several results, a column for each device")
    .argument("<files...>", "JSON results of the bench or of its page");
}

/** Prints the table. */
export function runMerge(files: readonly string[]): boolean {
  process.stdout.write(`${mergedTable(files.map(readResult))}\n`);
  return true;
}

/** @throws {BenchError} if a file is no result of this version of the bench. */
export function readResult(file: string): BenchResult {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new BenchError(`${file} cannot be read: give a JSON file that the bench wrote.`);
  }
  return parseResult(text, file);
}

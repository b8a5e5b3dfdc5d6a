import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import type { SourceRun } from "../../src/engine/device/shader.js";

/**
 * A line that stands for the text of another file, whose path is relative to this one's folder. More words
 * may follow.
 */
const INCLUDE = /^\s*\/\/#include "([^"]+)"/;

/** Folders whose files are parts of shaders, and no shaders by themselves. */
const PARTS = "parts";

/** A shader's whole text. */
export interface ShaderText {
  readonly code: string;
  /** Where the lines come from, if the shader includes other files. */
  readonly sources?: readonly SourceRun[];
  /** Paths of all files that the text comes from. */
  readonly files: readonly string[];
}

/** The shaders of a folder and of the folders in it, as sorted relative paths; without their parts. */
export function listShaders(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".wgsl") && basename(dirname(file)) !== PARTS)
    .sort();
}

/**
 * Reads a shader and puts the text of a file in the place of each line `//#include "parts/name.wgsl" …`.
 * @throws {Error} if an included file is missing or includes itself; the message names file and line.
 */
export function readShaderText(path: string): ShaderText {
  const lines: string[] = [];
  const sources: SourceRun[] = [];
  const files = new Set<string>();
  append(path, [path], (file, line, text) => {
    files.add(file);
    const last = sources.at(-1);
    const name = relative(dirname(path), file).replaceAll("\\", "/");
    const follows = last?.file === name && last.line + lines.length + 1 - last.at === line;
    if (!follows) sources.push({ at: lines.length + 1, file: name, line });
    lines.push(text);
  });
  return { code: lines.join("\n"), ...(files.size > 1 && { sources }), files: [...files] };
}

function append(
  path: string,
  chain: readonly string[],
  add: (file: string, line: number, text: string) => void,
): void {
  const lines = readFileSync(path, "utf8").split("\n");
  // The line after the last newline belongs to the file that includes this one.
  if (chain.length > 1 && lines.at(-1) === "") lines.pop();
  for (const [index, text] of lines.entries()) {
    const name = INCLUDE.exec(text)?.[1];
    if (name === undefined) {
      add(path, index + 1, text);
      continue;
    }
    const included = join(dirname(path), name);
    const at = `${path}:${index + 1}`;
    if (chain.includes(included)) throw new Error(`${at}: ${name} includes itself.`);
    try {
      append(included, [...chain, included], add);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
      throw new Error(`${at}: there is no ${name}.`, { cause });
    }
  }
}

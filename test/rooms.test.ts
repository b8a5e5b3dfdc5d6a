import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./support/root.js";

/** Folders of test that are about no room of src. */
const OTHERS = /^(bench|docs|fixtures|hostile|oracle|support|tools)(\/|$)/;

/** The folders with files under a folder, and how many files each holds. */
function folders(root: string): [name: string, files: number][] {
  const start = join(ROOT, root);
  const found = new Map<string, number>();
  for (const entry of readdirSync(start, { recursive: true, withFileTypes: true })) {
    const name = entry.parentPath.slice(start.length + 1);
    if (entry.isFile()) found.set(name, (found.get(name) ?? 0) + 1);
  }
  return [...found];
}

/** Lines that count as a concept written twice. */
const RUN = 10;

/** The code files of a folder with their lines, without indents and empty lines. */
function written(root: string): [file: string, lines: string[]][] {
  const files = readdirSync(join(ROOT, root), { recursive: true, encoding: "utf8" });
  const code = files.filter(
    (file) => /\.(ts|js|wgsl|css|html|py)$/.test(file) && !/node_modules|dist/.test(file),
  );
  return code.map((file) => {
    const lines = readFileSync(join(ROOT, root, file), "utf8").split("\n");
    return [`${root}/${file}`, lines.map((line) => line.trim()).filter(Boolean)];
  });
}

describe("the rooms", () => {
  it("have their tests in the same place under test", () => {
    const strays = folders("test").filter(
      ([name]) => !OTHERS.test(name) && !existsSync(join(ROOT, "src", name)),
    );
    expect(strays).toEqual([]);
  });

  it("name each other in import statements, which the check of directions reads, not within types", () => {
    const files = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" });
    // The one way in a declaration of modules.
    const code = files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"));
    const hidden = code.filter((file) =>
      /(?<!await )\bimport\(/.test(readFileSync(join(ROOT, "src", file), "utf8")),
    );
    expect(hidden).toEqual([]);
  });

  it("hold few enough files to be seen at a glance", () => {
    const crowded = folders("src").filter(([name, files]) => !name.startsWith("shaders") && files > 15);
    expect(crowded).toEqual([]);
  });

  it("say nothing twice: no run of ten lines stands in two places", () => {
    const places = new Map<string, string>();
    const twice: string[] = [];
    for (const [file, lines] of ["src", "bench", "tools"].flatMap(written)) {
      for (let i = 0; i + RUN <= lines.length; i++) {
        const run = lines.slice(i, i + RUN).join("\n");
        const before = places.get(run);
        if (before) twice.push(`${before} and ${file}: ${lines[i]}`);
        places.set(run, file);
      }
    }
    expect(twice).toEqual([]);
  });
});

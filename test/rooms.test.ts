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
});

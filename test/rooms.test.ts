import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./support/root.js";

/** Folders of test that are about no room of src. */
const OTHERS = /^(bench|fixtures|oracle|support|tools)(\/|$)/;

/** The folders under a folder, with how many files each holds. */
function folders(root: string): Map<string, number> {
  const entries = readdirSync(join(ROOT, root), { recursive: true, withFileTypes: true });
  const path = (parent: string): string => parent.slice(join(ROOT, root).length + 1);
  const found = new Map<string, number>();
  for (const entry of entries) {
    const name = entry.isFile() ? path(entry.parentPath) : path(join(entry.parentPath, entry.name));
    found.set(name, (found.get(name) ?? 0) + Number(entry.isFile()));
  }
  return found;
}

describe("the rooms", () => {
  it("have their tests in the same place under test", () => {
    const rooms = folders("src");
    const strays = [...folders("test").keys()].filter(
      (name) => name && !OTHERS.test(name) && !rooms.has(name),
    );
    expect(strays).toEqual([]);
  });

  it("hold few enough files to be seen at a glance", () => {
    const crowded = [...folders("src")].filter(([name, files]) => !name.startsWith("shaders") && files > 15);
    expect(crowded).toEqual([]);
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as engine from "../../src/engine/index.js";

const SOURCE = fileURLToPath(new URL("../../src/", import.meta.url));

/** The names of the functions and classes that the files of a folder export, of those files that record a gradient. */
function differentiableIn(folder: string): string[] {
  return readdirSync(join(SOURCE, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(SOURCE, folder, file), "utf8"))
    .filter((code) => /\btape\.differentiable\(|\bendFusedLoss\(tape/.test(code))
    .flatMap((code) =>
      [...code.matchAll(/^export (?:function|class) (\w+)/gm)].map(([, name]) => name as string),
    );
}

describe("metakernelgan/engine", () => {
  it("exports every neutral operation that has a gradient", () => {
    const names = differentiableIn("engine/ops");
    for (const name of ["conv2d", "addBias", "meanSquaredLoss"]) expect(names).toContain(name);
    expect(names.filter((name) => !(name in engine))).toEqual([]);
  });

  it("exports no loss of a method", () => {
    const names = differentiableIn("model/losses");
    expect(names).toContain("ganLoss");
    expect(names.filter((name) => name in engine)).toEqual([]);
  });
});

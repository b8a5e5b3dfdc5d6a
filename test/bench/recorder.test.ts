import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Recorder } from "../../bench/report/recorder.js";
import { benchResult } from "./results.js";

it("two results of the same second go to files of their own", async () => {
  const folder = await mkdtemp(join(tmpdir(), "bench-recorder-"));
  try {
    const path = join(folder, "node-gpu-2026");
    const results = [benchResult(), { ...benchResult(), commit: "other" }, benchResult()];
    const recorders = await Promise.all(results.map((result) => Recorder.open(result, path)));
    const paths = recorders.map((each) => each.path);
    // Whichever comes first.
    expect([...paths].sort()).toEqual([path, `${path}-2`, `${path}-3`]);
    recorders[1]?.finish("<svg/>");
    const files = [...paths.map((each) => `${each}.json`), `${paths[1]}.svg`];
    expect((await readdir(folder)).map((name) => join(folder, name)).sort()).toEqual(files.sort());
    for (const [i, { commit }] of results.entries()) {
      expect(JSON.parse(await readFile(`${paths[i]}.json`, "utf8"))).toMatchObject({ commit });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

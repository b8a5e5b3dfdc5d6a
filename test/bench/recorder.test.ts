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
    expect(recorders.map((each) => each.path)).toEqual([path, `${path}-2`, `${path}-3`]);
    recorders[1]?.finish("<svg/>");
    expect((await readdir(folder)).sort()).toEqual([
      "node-gpu-2026-2.json",
      "node-gpu-2026-2.svg",
      "node-gpu-2026-3.json",
      "node-gpu-2026.json",
    ]);
    expect(JSON.parse(await readFile(`${path}-2.json`, "utf8"))).toMatchObject({ commit: "other" });
    expect(JSON.parse(await readFile(`${path}.json`, "utf8"))).toMatchObject({
      commit: benchResult().commit,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BenchResult } from "../../bench/report/result.js";
import { runBench } from "./run-bench.js";

let out: string;

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "bench-test-"));
});

afterAll(() => rm(out, { recursive: true, force: true }));

async function onlyResult(): Promise<BenchResult> {
  const [file] = (await readdir(out)).filter((name) => name.endsWith(".json"));
  return JSON.parse(await readFile(join(out, file as string), "utf8"));
}

describe("the bench", () => {
  it("keeps on SIGINT what it has measured so far", async () => {
    let sent = false;
    const args = ["--node", "--parts", "kernels", "--kernels", "adaptation", "--samples", "100000"];
    const { code, stdout, stderr } = await runBench([...args, "--error", "0", "--out", out], (text, kill) => {
      if (sent || !text.includes("kernels of")) return;
      sent = true;
      setTimeout(() => kill("SIGINT"), 3000);
    });
    expect(code).toBe(130);
    expect(stderr).toContain("bench: interrupted; what was measured so far is kept.");
    expect(stdout).toContain("| kernel, in one adaptation step |");
    const { profiles = [], adapter, commit, control = [] } = await onlyResult();
    const [rows] = profiles;
    if (!rows || !("kernels" in rows.profile)) throw new Error("There are no kernels in the file.");
    expect(rows.profile.kernels[0]?.time.values.length).toBeGreaterThan(0);
    expect(control.length).toBeGreaterThan(0);
    expect(commit).toMatch(/^[0-9a-f]{12}(\+changes)?$/);
    expect(adapter.limits.maxStorageBufferBindingSize).toBeGreaterThan(0);
    expect(adapter.features).toContain("timestamp-query");
    expect(typeof adapter.boundsChecks).toBe("boolean");
  });

  it("says in one sentence what to do about a file that is no result, and about an unknown revision", async () => {
    for (const [args, message] of [
      [
        ["--since", "package.json"],
        /^bench: package\.json is not a result of this version of the bench: [^\n]+\.$/,
      ],
      [
        ["--node", "--ab", "no-such-revision", "--parts", "jobs"],
        /bench: git has no revision no-such-revision here: [^\n]+\.$/,
      ],
      [["--since", "a.json", "--ab", "HEAD"], /^bench: --since and --ab both name [^\n]+\.$/],
    ] as const) {
      const { code, stderr } = await runBench([...args, "--peers", "none"]);
      expect(stderr).toMatch(message);
      expect(code).toBe(1);
    }
  });
});

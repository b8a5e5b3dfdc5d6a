import { execFileSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BenchResult } from "../../bench/report/result/result.js";
import { ROOT } from "../support/root.js";
import { benchHere } from "./bench-here.js";
import { buildBench, type runBench } from "./run-bench.js";

let out: string;
let runBuilt: typeof runBench;

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "bench-test-"));
  runBuilt = await buildBench();
});

afterAll(() => rm(out, { recursive: true, force: true }));

async function onlyResult(): Promise<BenchResult> {
  const [file] = (await readdir(out)).filter((name) => name.endsWith(".json"));
  return JSON.parse(await readFile(join(out, file as string), "utf8"));
}

describe("the bench", () => {
  it("keeps on SIGINT what it has measured so far", async () => {
    let sent = false;
    const kernels = ["--parts", "kernels", "--kernels", "adaptation", "--no-roofline"];
    const args = ["--node", ...kernels, "--samples", "100000", "--error", "0", "--out", out];
    const { code, stdout, stderr } = await runBuilt(args, (text, kill) => {
      if (sent || !text.includes("kernels of")) return;
      sent = true;
      // Once its file has kernels: on a busy machine that takes a while.
      const timer = setInterval(async () => {
        const result = await onlyResult().catch(() => undefined);
        if (!result?.profiles || !result.control) return;
        clearInterval(timer);
        kill("SIGINT");
      }, 100);
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

  it("prints on SIGINT what it knows of an operation so far", async () => {
    const args = ["op", "matmul", "64", "--node", "--no-roofline", "--samples", "1000000", "--error", "0"];
    const interruptAfter = (milliseconds: number) => {
      let sent = false;
      return runBuilt(args, (text, kill) => {
        if (sent || !text.includes("bench: matmul")) return;
        sent = true;
        setTimeout(() => kill("SIGINT"), milliseconds);
      });
    };
    // On a busy machine there may be no sample yet.
    const early = await interruptAfter(1500);
    const { code, stdout, stderr } = early.stdout === "" ? await interruptAfter(8000) : early;
    expect(stderr).toContain("bench: interrupted; what was measured so far is kept.");
    expect(stdout).toMatch(/\| the whole, with its submission \| [\d.]+ \|/);
    expect(stdout).toContain("Checked: result");
    expect(code).toBe(130);
  });

  it.each([
    ["SIGINT", "matmul"],
    ["SIGTERM", "self-test"],
  ] as const)("leaves no browser behind after %s at %s", async (signal, phase) => {
    const processes = (): string[][] =>
      execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" })
        .trim()
        .split("\n")
        .map((line) => line.trim().split(/\s+/));
    let children: string[] = [];
    const chrome = ["op", "matmul", "128x128x128", "--adapter", "swiftshader"];
    const args = [...chrome, "--samples", "100000", "--error", "0", "--no-roofline"];
    const { code, stderr } = await runBuilt(args, (text, kill, pid) => {
      if (children.length > 0 || !text.includes(`bench: ${phase}`)) return;
      children = processes().flatMap(([child = "", parent]) => (parent === String(pid) ? [child] : []));
      setTimeout(() => kill(signal), 1000);
    });
    expect(children.length).toBeGreaterThan(0);
    expect(stderr.split("\n").at(-1)).toMatch(/^bench: interrupted[.;]/);
    expect(code).toBe(signal === "SIGINT" ? 130 : 143);
    const left = (): string[] => processes().flatMap(([pid = ""]) => (children.includes(pid) ? [pid] : []));
    for (let wait = 0; left().length > 0 && wait < 50; wait++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(left()).toEqual([]);
  });

  it("says that its standard output takes no more", async () => {
    const full = openSync("/dev/full", "w");
    const file = join(ROOT, "bench/results/lavapipe-epyc-2-cores-node.json");
    const { code, stderr } = await runBuilt(["merge", file], undefined, full);
    closeSync(full);
    expect(stderr).toBe("bench: Standard output cannot be written: no space is left on the device.");
    expect(code).toBe(1);
  });

  it("says at once that its folder cannot be written", async () => {
    const file = join(out, "a-file");
    await writeFile(file, "");
    const args = ["--node", "--parts", "kernels", "--out", join(file, "results")];
    const { code, stdout, lines } = await benchHere(...args);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^bench: .*a-file\/results cannot be written \(ENOTDIR\): give another folder with --out\.$/,
    );
    expect(stdout).toBe("");
    expect(code).toBe(1);
  });

  it("says at once that a folder of the system cannot be written", async () => {
    const { code, lines } = await benchHere("device", "--node", "--out", "/proc/results");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^bench: \/proc\/results cannot be written \(ENOENT\): give another folder with --out\.$/,
    );
    expect(code).toBe(1);
  });

  it("measures another revision by turns, and leaves no checkout of it behind", async () => {
    const checkouts = (): string =>
      execFileSync("git", ["-C", ROOT, "worktree", "list"], { encoding: "utf8" })
        .split("\n")
        .filter((line) => line.includes("metakernelgan-bench-"))
        .join("\n");
    const before = checkouts();
    const args = ["--node", "--ab", "HEAD", "--parts", "workloads", "--workloads", "discriminator-forward"];
    const { code, stdout } = await runBuilt([...args, "--samples", "3", "--peers", "none", "--out", out]);
    expect(stdout).toMatch(/\| D forward \| [\d.]+ \| [\d.]+ \| [\d.]+ \| [\d.]+ to [\d.]+ \| unsure \|/);
    expect(stdout).toContain("The control kernel, the same code in both, took");
    expect(code).toBe(0);
    expect(checkouts()).toBe(before);
  });

  it("fails if it is told to compare and there is nothing to compare", async () => {
    const args = ["--node", "--ab", "HEAD", "--parts", "none", "--peers", "none", "--out", out];
    const { code, lines } = await benchHere(...args);
    expect(lines.at(-1)).toMatch(
      /^bench: The two results have no time in common, so nothing was compared: [^\n]+\.$/,
    );
    expect(code).toBe(1);
  });

  it("says before it measures that an earlier result has none of its parts", async () => {
    const since = join(ROOT, "bench/results/lavapipe-epyc-2-cores-node.json");
    const { code, lines } = await benchHere("--since", since, "--parts", "jobs,scaling", "--peers", "none");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^bench: .*\.json has no times of the parts that this run measures \(jobs, scaling\), but of kernels: choose others with --parts\.$/,
    );
    expect(code).toBe(1);
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
      const { code, lines } = await benchHere(...args, "--peers", "none");
      expect(lines.join("\n")).toMatch(message);
      expect(code).toBe(1);
    }
  });
});

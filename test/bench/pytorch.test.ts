import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { makeInputs } from "../../bench/harness/inputs.js";
import { openPyTorch } from "../../bench/peers/pytorch.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bench-pytorch-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

afterEach(() => void vi.unstubAllEnvs());

/** An interpreter that does what a line of shell says. */
async function interpreter(line: string): Promise<string> {
  const file = join(folder, "python");
  await writeFile(file, `#!/bin/sh\n${line}\n`);
  await chmod(file, 0o755);
  return file;
}

describe("PyTorch as a peer", () => {
  it.each([
    [
      `echo 'Traceback' >&2; echo "ModuleNotFoundError: No module named 'numpy'" >&2; exit 1`,
      / has no numpy: install torch and numpy for it, or set PYTHON to another interpreter$/,
    ],
    [`echo 'RuntimeError: too old' >&2; exit 1`, /^RuntimeError: too old$/],
    ["exit 0", / ended without a word$/],
  ])("that ends by %s is listed with the reason", async (line, reason) => {
    vi.stubEnv("PYTHON", await interpreter(line));
    const peers = await openPyTorch("/nowhere", makeInputs(), "eager");
    expect(peers.map(({ name }) => name)).toEqual(["PyTorch, CPU"]);
    await expect(peers[0]?.prepare("meta-step")).rejects.toThrow(reason);
  });

  it("whose interpreter does not exist is listed with the reason", async () => {
    vi.stubEnv("PYTHON", "/nowhere/python");
    const [peer] = await openPyTorch("/nowhere", makeInputs(), "compiled");
    expect(peer?.name).toBe("PyTorch, CPU, compiled");
    await expect(peer?.prepare("meta-step")).rejects.toThrow(
      /^\/nowhere\/python cannot be run: set PYTHON to an interpreter that has PyTorch$/,
    );
  });

  it("is told what to run, and answers by its name, version and threads", async () => {
    const hello = `{"version": "2.13", "threads": 2, "device": "CPU"}`;
    const line = `[ "$3 $4" = "cpu compiled" ] || exit 1; read question; echo '${hello}'; read question; echo '{"error": "no compiler"}'; read end`;
    vi.stubEnv("PYTHON", await interpreter(line));
    const [peer, ...more] = await openPyTorch("/nowhere", makeInputs(), "compiled");
    expect(more).toEqual([]);
    expect(peer).toMatchObject({ name: "PyTorch, CPU, 2 threads, compiled", version: "2.13" });
    await expect(peer?.prepare("meta-step")).rejects.toThrow("no compiler");
    peer?.close();
  });
});

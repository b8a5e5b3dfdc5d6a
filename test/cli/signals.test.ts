import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { listAdapters } from "../../src/node/device/adapters.js";
import { PHOTO, useCli } from "../support/cli.js";

const cli = useCli();
const withoutLavapipe = !(await listAdapters()).some(({ kind }) => kind === "lavapipe");

beforeAll(() => sharp(PHOTO).resize(700, 500).png().toFile(cli.file("large.png")));

interface Stopped {
  readonly code: number | null;
  readonly stderr: string;
  readonly milliseconds: number;
}

/** Runs the program, on the slowest device unless told, and sends a signal when standard error has said something, and later. */
function stopped(
  args: readonly string[],
  signal: NodeJS.Signals,
  at: string,
  later: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Stopped> {
  const child = spawn(process.execPath, [join(cli.program, "bin/metakernelgan.js"), ...args], {
    env: { ...process.env, METAKERNELGAN_ADAPTER: "swiftshader", ...env },
  });
  let stderr = "";
  let sent = 0;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    const isFirst = !stderr.includes(at);
    stderr += text;
    if (!isFirst || !stderr.includes(at)) return;
    setTimeout(() => {
      sent = performance.now();
      child.kill(signal);
    }, later);
  });
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, stderr, milliseconds: performance.now() - sent }));
  });
}

describe("on a device that computes an iteration for seconds", () => {
  test.each<[NodeJS.Signals, number, number]>([
    ["SIGINT", 130, 1500],
    ["SIGTERM", 143, 3000],
  ])("%s ends the program within a second, with exit code %d", async (signal, exitCode, later) => {
    const out = cli.file(`out-${signal}/`);
    const { code, stderr, milliseconds } = await stopped(
      ["upscale", cli.file("large.png"), "--out", out],
      signal,
      "GPU memory",
      later,
    );
    expect({ code, left: existsSync(out) }).toEqual({ code: exitCode, left: false });
    expect(stderr).toMatch(/Canceled; nothing was written\.\n$/);
    // A second, and what a busy machine adds to the end of a process.
    expect(milliseconds).toBeLessThan(2000);
  });
});

describe.skipIf(withoutLavapipe)("while a driver compiles for the first time", () => {
  test("a training ends within a second", async () => {
    const photos = cli.file("photos");
    mkdirSync(photos);
    await sharp(PHOTO).resize(320, 320).png().toFile(join(photos, "photo.png"));
    const { stderr, milliseconds } = await stopped(
      ["train", "upscaler", "--data", photos, "--hold-out", "0", "--out", cli.file("run")],
      "SIGINT",
      "to learn from",
      1500,
      { METAKERNELGAN_ADAPTER: "lavapipe", MESA_SHADER_CACHE_DISABLE: "true" },
    );
    // No exit code is asked for: a compiler that is at work when the process ends may crash it.
    expect(stderr).toContain("Stopped at step 0, which the checkpoint holds");
    expect(milliseconds).toBeLessThan(2000);
  });
});

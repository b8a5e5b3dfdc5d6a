import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { PHOTO, useCli } from "../support/cli.js";

const cli = useCli();

beforeAll(() => sharp(PHOTO).resize(700, 500).png().toFile(cli.file("large.png")));

interface Stopped {
  readonly code: number | null;
  readonly stderr: string;
  readonly milliseconds: number;
}

/** Runs the program on the slowest device, and sends a signal when standard error has said something, and later. */
function stopped(
  args: readonly string[],
  signal: NodeJS.Signals,
  at: string,
  later: number,
): Promise<Stopped> {
  const child = spawn(process.execPath, [join(cli.program, "bin/metakernelgan.js"), ...args], {
    env: { ...process.env, METAKERNELGAN_ADAPTER: "swiftshader" },
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

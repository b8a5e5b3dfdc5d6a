import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
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

describe("pipes", () => {
  test("an image comes from standard input and goes to standard output", async () => {
    const args = ["upscale", "-", "--model", "fast", "--out", "-"];
    const child = spawn(process.execPath, [join(cli.program, "bin/metakernelgan.js"), ...args]);
    const parts: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => parts.push(part));
    child.stdin.end(readFileSync(cli.file("large.png")));
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(code).toBe(0);
    expect(await sharp(Buffer.concat(parts)).metadata()).toMatchObject({
      format: "png",
      width: 1400,
      height: 1000,
    });
  });

  test.each([
    ["a folder", ["upscale", cli.file("."), "--out", "-"], "Standard output takes one image"],
    ["an image and JSON", ["upscale", "-", "--out", "-", "--json"], "the image or --json"],
  ])("%s does not fit into standard output", async (_, args, message) => {
    const { code, stderr } = await cli.run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test("nothing at standard input is no image", async () => {
    const child = spawn(process.execPath, [
      join(cli.program, "bin/metakernelgan.js"),
      ...["upscale", "-", "--out", cli.file("nothing.png")],
    ]);
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.stdin.end();
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(1);
    expect(stderr).toBe("metakernelgan: stdin is empty (0 bytes).\n");
  });
});

test("a cache folder that cannot be made is an error at once", async () => {
  const { code, stderr } = await cli.spawn(["devices"], {
    env: {
      XDG_CACHE_HOME: "/proc/nowhere",
      HOME: "/proc/nowhere",
      TMPDIR: "/proc/nowhere",
      METAKERNELGAN_CACHE: "",
    },
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^metakernelgan: None of these can be used as a cache folder: \/proc\/nowhere\/metakernelgan \(.*\n$/,
  );
});

test.runIf(process.platform === "linux")(
  "the device's harmless warnings stay off standard error",
  async () => {
    const folder = cli.file("warnings");
    mkdirSync(folder);
    const program = join(cli.program, "bin/metakernelgan.js");
    // A pipe; and a file, which is left alone, for others write into it too.
    const script =
      '"$0" "$1" devices 2>&1 >/dev/null | cat > pipe; exec 2> file; "$0" "$1" no-command; "$0" "$1" devices; "$0" "$1" no-command';
    const child = spawn("sh", ["-c", script, process.execPath, program], {
      cwd: folder,
      env: { ...process.env, TMPDIR: folder },
    });
    await new Promise((resolve) => child.on("close", resolve));
    const text = (name: string) => readFileSync(join(folder, name), "utf8");
    expect(text("pipe")).toBe("");
    const refusals = text("file")
      .split("\n")
      .filter((line) => line.includes("unknown command") || line.includes("Unknown command"));
    expect(refusals).toHaveLength(2);
    expect(readdirSync(folder).sort()).toEqual(["file", "pipe"]);
  },
);

import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { PHOTO, useCli } from "../support/cli.js";

const cli = useCli();

beforeAll(async () => {
  mkdirSync(cli.file("photos"));
  mkdirSync(cli.file("disk"));
  const photo = sharp(PHOTO).resize(300, 200);
  for (const name of ["a", "b", "c"])
    await photo
      .clone()
      .png()
      .toFile(cli.file(`photos/${name}.png`));
});

describe("standard output that is full", () => {
  test.each([
    ["upscale", "photos/a.png", "--model", "fast", "--out", "-"],
    ["estimate", "photos/a.png", "--json"],
    ["--help"],
  ])("is named: %s", async (...args) => {
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [join(cli.program, "bin/metakernelgan.js"), ...args], {
      cwd: cli.file("."),
      stdio: ["ignore", full, "pipe"],
    });
    closeSync(full);
    let stderr = "";
    (child.stderr as Readable).setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(stderr).toMatch(
      /^metakernelgan: Standard output cannot be written: no space is left on the device\.\n$/m,
    );
    expect(code).toBe(1);
  });
});

/** Whether this process may mount a file system in a name space of its own. */
const canMount = spawnSync("sh", ["-c", "unshare -m true"]).status === 0;

/** Runs a command where `disk` is a file system of its own, then lists what lies there, hidden files included. */
async function onDisk(options: string, args: readonly string[]) {
  const script = `mount -t tmpfs -o ${options} tmpfs disk || exit 99; "$@"; code=$?; find disk -type f -o -name ".*" | sort; exit $code`;
  const command = [process.execPath, join(cli.program, "bin/metakernelgan.js"), ...args];
  const child = spawn("sh", ["-c", `unshare -m sh -c '${script}' sh "$@"`, "sh", ...command], {
    cwd: cli.file("."),
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  return { code, files: stdout.split("\n").filter((line) => line.startsWith("disk")), stderr };
}

const FULL = "no space is left on the device";
const READ_ONLY = "the file system is read-only";

const UPSCALE = ["upscale", "photos/a.png", "--model", "fast", "--out", "disk/o.png"];
const DEGRADE = ["degrade", "--data", "photos", "--out", "disk"];
const TRAIN = ["train", "gan", "--data", "photos", "--steps", "1", "--evaluations", "1", "--out"];

describe.runIf(canMount)("a disk", () => {
  test.each<[string, string, readonly string[], string]>([
    ["full, for upscale", "size=40k", UPSCALE, `disk/o.png cannot be written: ${FULL}`],
    ["full, for degrade", "size=40k", DEGRADE, "metakernelgan: disk/KernelGANFKP_lr_x2_clean/"],
    [
      "full, for train",
      "size=40k",
      [...TRAIN, "disk/run"],
      `checkpoint.safetensors cannot be written: ${FULL}`,
    ],
    ["read-only, for upscale", "ro", UPSCALE, `disk/o.png cannot be written: ${READ_ONLY}`],
    ["read-only, for degrade", "ro", DEGRADE, `disk cannot be written: ${READ_ONLY}`],
    ["read-only, for train", "ro", [...TRAIN, "disk/run"], `disk/run cannot be written: ${READ_ONLY}`],
  ])("that is %s, is named so, and keeps nothing", async (_, options, args, message) => {
    const { code, files, stderr } = await onDisk(options, args);
    expect({ code, files }, stderr).toEqual({ code: 1, files: [] });
    expect(stderr).toContain(message);
    expect(stderr).toContain(options === "ro" ? READ_ONLY : FULL);
    // No temporary name.
    expect(stderr).not.toContain("/.");
  });

  test("can be the folder of a benchmark, and of a run", async () => {
    const degraded = await onDisk("size=10M", DEGRADE);
    expect(degraded.code, degraded.stderr).toBe(0);
    expect(degraded.files).toHaveLength(9);
    const trained = await onDisk("size=100M", [...TRAIN, "disk"]);
    expect(trained.code, trained.stderr).toBe(0);
    expect(trained.files).toEqual(
      expect.arrayContaining(["disk/best.safetensors", "disk/checkpoint.safetensors", "disk/config.json"]),
    );
  });
});

import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { PHOTO, useCli } from "../support/cli.js";

const cli = useCli();

beforeAll(() => sharp(PHOTO).resize(700, 500).png().toFile(cli.file("large.png")));

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

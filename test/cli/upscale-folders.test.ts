import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { encodeKernelJson } from "../../src/kernel/formats/json.js";
import { PHOTO, useCli } from "../support/cli.js";

const cli = useCli();
const images = new Map<string, Buffer>();

beforeAll(async () => {
  writeFileSync(
    cli.file("kernel.json"),
    encodeKernelJson(gaussianKernel({ lambda1: 2, lambda2: 1, theta: 0 })),
  );
  const photo = sharp(PHOTO).resize(8, 8);
  images.set("png", await photo.clone().png().toBuffer());
  images.set("jpeg", await photo.clone().jpeg().toBuffer());
});

/** A folder with files: an image's format, or other contents. */
function folderOf(name: string, files: Readonly<Record<string, string>>): string {
  for (const [file, contents] of Object.entries(files)) {
    const path = join(cli.file(name), file);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, images.get(contents) ?? contents);
  }
  return cli.file(name);
}

const upscale = (folder: string, out: string, ...more: string[]) =>
  cli.run([
    "upscale",
    folder,
    "--out",
    cli.file(out),
    "--kernel",
    cli.file("kernel.json"),
    "--model",
    "fast",
    "--sigma",
    "0",
    ...more,
  ]);

const listed = (out: string) => readdirSync(cli.file(out), { recursive: true }).map(String).sort();

describe("a folder", () => {
  test("says what it leaves out, and takes images by their bytes", async () => {
    const folder = folderOf("mixed", {
      "a.png": "png",
      "b.jfif": "jpeg",
      "c.jpe": "jpeg",
      photo1: "jpeg",
      "IMG.2024.01": "png",
      "d.bmp": "BM and more",
      "e.heic": "\0\0\0\x18ftypheic\0\0\0\0mif1heic",
      "f.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
      "notes.txt": "notes",
      "g.dng": "II*\0\x08\0\0\0",
      "sub/h.png": "png",
    });
    execFileSync("sh", ["-c", 'mkfifo "$0"', join(folder, "pipe.png")]);
    const { code, stderr, stdout } = await upscale(folder, "mixed-out", "--json");
    expect({ code, files: listed("mixed-out") }).toEqual({
      code: 0,
      files: ["IMG.2024.01.png", "a.png", "b.png", "c.png", "photo1.png"],
    });
    const line = stderr.split("\n").find((each) => each.includes("left out"));
    for (const part of [
      "d.bmp (BMP is not read)",
      "e.heic (HEIC is not read)",
      "f.svg (SVG is not read)",
      "g.dng (camera's raw is not read)",
      "notes.txt (no image)",
      "pipe.png (pipes and devices are not read)",
      "sub (folders are read with -r)",
    ]) {
      expect(line).toContain(part);
    }
    expect(JSON.parse(stdout).leftOut).toHaveLength(7);
  });

  test("of nothing but others says what they are", async () => {
    const { code, stderr } = await upscale(folderOf("others", { "a.bmp": "BM" }), "others-out");
    expect(code).toBe(1);
    expect(stderr).toMatch(/holds no PNG.* left out a\.bmp \(BMP is not read\)\.\n$/);
  });

  test("with images that differ in their ending gives a result for each", async () => {
    const folder = folderOf("twins", { "a.jpg": "jpeg", "a.png": "png", "b.png": "png", a: "png" });
    const { code } = await upscale(folder, "twins-out");
    expect({ code, files: listed("twins-out") }).toEqual({
      code: 0,
      files: ["a-jpg.png", "a-png.png", "a.png", "b.png"],
    });
  });

  test("is searched to its depth with -r, but not its results and not in a circle", async () => {
    const folder = folderOf("deep", { "a.png": "png", "x/a.png": "png", "x/y/b.jpg": "jpeg" });
    symlinkSync("..", join(folder, "x/circle"));
    for (let i = 0; i < 2; i++) {
      const { code } = await upscale(folder, "deep/sharp", "-r");
      expect({ code, files: listed("deep/sharp") }).toEqual({
        code: 0,
        files: ["a.png", "x", "x/a.png", "x/y", "x/y/b.png"],
      });
    }
  });

  test("with a name that is too long loses one file", async () => {
    const long = "n".repeat(253);
    const folder = folderOf("long", { "a.png": "png", [long]: "png" });
    const { code, stderr } = await upscale(folder, "long-out");
    expect({ code, files: listed("long-out") }).toEqual({ code: 1, files: ["a.png"] });
    expect(stderr).toMatch(/the name is too long\. .*is skipped\./);
    expect(stderr).toMatch(/1 of 2 images were skipped/);
  });
});

test("all results that would be written twice are listed at once", async () => {
  const [first, second] = ["one", "two"].map((name) => folderOf(name, { "a.png": "png", "b.png": "png" }));
  const { code, stderr } = await upscale(first, "clash-out", second);
  expect(code).toBe(2);
  expect(stderr).toContain(`each of ${cli.file("clash-out/a.png")}, ${cli.file("clash-out/b.png")}`);
  expect(existsSync(cli.file("clash-out"))).toBe(false);
});

test("one file without an ending gets a name in a folder", async () => {
  const folder = folderOf("bare", { photo1: "jpeg" });
  mkdirSync(cli.file("bare-out"));
  const { code } = await upscale(join(folder, "photo1"), "bare-out");
  expect({ code, files: listed("bare-out") }).toEqual({ code: 0, files: ["photo1.png"] });
  expect(readFileSync(cli.file("bare-out/photo1.png")).subarray(1, 4).toString()).toBe("PNG");
});

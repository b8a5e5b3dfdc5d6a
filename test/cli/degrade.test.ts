import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PNG } from "pngjs";
import { beforeAll, describe, expect, it } from "vitest";
import { kernelOffset } from "../../src/kernel/kernel-offset.js";
import { readKernel } from "../../src/node/files/kernel-files.js";
import { readImage } from "../../src/node/image-io/read-image.js";
import { useCli } from "../support/cli.js";
import { writeHrImages } from "../support/hr-images.js";

const cli = useCli();
const HR = cli.file("hr");
const LR_X2 = "KernelGANFKP_lr_x2_clean";
const KERNELS_X2 = "KernelGANFKP_gt_k_x2_clean";

const degrade = (out: string, ...more: string[]) =>
  cli.run(["degrade", "--data", HR, "--out", cli.file(out), ...more]);

/** Every file under a folder with a digest of its bytes. */
function digests(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return Object.fromEntries(
    files
      .map((file) => join(file.parentPath, file.name))
      .sort()
      .map((path) => [
        path.slice(folder.length + 1),
        createHash("sha256").update(readFileSync(path)).digest("hex"),
      ]),
  );
}

beforeAll(async () => {
  await writeHrImages(HR, ["b.png", "a.jpg", "c.webp"]);
  writeFileSync(join(HR, "notes.txt"), "No picture.\n");
  writeFileSync(join(HR, "._b.png"), "What macOS leaves on other systems' disks.\n");
});

describe("degrade", () => {
  it("writes the benchmarks' layout, the same to the bit for a seed", async () => {
    const [first, second] = [await degrade("first"), await degrade("second")];
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toContain(`3 low-resolution images written to ${join(cli.file("first"), LR_X2)}`);
    const files = digests(cli.file("first"));
    expect(Object.keys(files)).toEqual(
      [
        ...["a", "b", "c"].flatMap((name) => [`${KERNELS_X2}/${name}.json`, `${KERNELS_X2}/${name}.mat`]),
        ...["a", "b", "c"].map((name) => `${LR_X2}/${name}.png`),
      ].sort(),
    );
    // Only what is named: no temporary folder is left.
    expect(readdirSync(cli.file("first")).sort()).toEqual([KERNELS_X2, LR_X2]);
    expect(second.code).toBe(0);
    expect(digests(cli.file("second"))).toEqual(files);

    await degrade("other", "--seed", "1");
    const others = digests(cli.file("other"));
    for (const [name, digest] of Object.entries(files)) expect(others[name]).not.toBe(digest);
  });

  it("blurs with the kernel it writes, keeps every second pixel, and rounds", async () => {
    const folder = cli.file("first");
    for (const name of ["a.jpg", "b.png", "c.webp"]) {
      const stem = name.slice(0, 1);
      const { width, height, rgb } = await readImage(join(HR, name));
      const json = JSON.parse(readFileSync(join(folder, KERNELS_X2, `${stem}.json`), "utf8"));
      expect(json).toMatchObject({ size: 11, scale: 2, orientation: "correlation" });
      const { values } = await readKernel(join(folder, KERNELS_X2, `${stem}.mat`), 2);
      expect(Array.from(values)).toEqual(json.kernel.flat());

      const png = PNG.sync.read(readFileSync(join(folder, LR_X2, `${stem}.png`)));
      expect([png.width, png.height]).toEqual([width / 2, height / 2]);
      for (const [x, y] of [
        [0, 0],
        [34, 32],
        [17, 5],
        [3, 31],
      ]) {
        for (let channel = 0; channel < 3; channel++) {
          let sum = 0;
          for (let r = 0; r < 11; r++) {
            for (let c = 0; c < 11; c++) {
              const row = (2 * y + r - 5 + height) % height;
              const column = (2 * x + c - 5 + width) % width;
              sum += json.kernel[r][c] * rgb.data[(channel * height + row) * width + column];
            }
          }
          const level = png.data[4 * (y * png.width + x) + channel];
          expect(Math.abs(level - 255 * sum)).toBeLessThan(0.501);
        }
      }
    }
  });

  it.each([
    ["2", "kernel-noise", "x2_noise_ker", 11],
    ["2", "image-noise", "x2_noise_img", 11],
    ["4", "clean", "x4_clean", 21],
  ])("makes ×%s %s beside the others", async (scale, setting, ending, size) => {
    const { code } = await degrade("first", "--scale", scale, "--setting", setting);
    expect(code).toBe(0);
    const folder = cli.file("first");
    expect(readdirSync(join(folder, `KernelGANFKP_lr_${ending}`))).toHaveLength(3);
    const kernel = await readKernel(join(folder, `KernelGANFKP_gt_k_${ending}`, "a.json"));
    expect([kernel.size, kernel.scale]).toEqual([size, Number(scale)]);
    const png = (name: string) => readFileSync(join(folder, name, "a.png"));
    expect(png(`KernelGANFKP_lr_${ending}`).equals(png(LR_X2))).toBe(false);
    const clean = await readKernel(join(folder, KERNELS_X2, "a.json"));
    const isClean = JSON.stringify([...kernel.values]) === JSON.stringify([...clean.values]);
    expect(isClean).toBe(setting === "image-noise");
  });

  it.each(["2", "4"])(
    "takes photos as a camera at ×%s: JPEG files, kernels of the natural grid, and the truth",
    async (scale) => {
      const out = cli.file(`camera-${scale}`);
      // Larger ones, for a photo of ×4 to be no smaller than a patch.
      await writeHrImages(cli.file("scenes"), ["b.png", "a.jpg"], 90, 82);
      const { code } = await cli.run([
        ...["degrade", "--data", cli.file("scenes"), "--out", out],
        ...["--setting", "camera", "--scale", scale],
      ]);
      expect(code).toBe(0);
      const lr = join(out, `KernelGANFKP_lr_x${scale}_camera`);
      expect(readdirSync(lr).sort()).toEqual(["a.jpg", "b.jpg", "truth.json"]);
      const truth = JSON.parse(readFileSync(join(lr, "truth.json"), "utf8"));
      expect(Object.keys(truth)).toEqual(["a", "b"]);
      for (const name of ["a", "b"]) {
        const { width, height, format } = await readImage(join(lr, `${name}.jpg`));
        expect([width, height, format]).toEqual([
          Math.floor(90 / Number(scale)),
          Math.floor(82 / Number(scale)),
          "jpeg",
        ]);
        const kernel = await readKernel(join(out, `KernelGANFKP_gt_k_x${scale}_camera`, `${name}.json`));
        for (const place of kernelOffset(kernel)) expect(place).toBeCloseTo((Number(scale) - 1) / 2, 1);
        const { blur, noise, qualities } = truth[name];
        expect(["gauss", "disk", "polygon", "motion"]).toContain(blur.shape.kind);
        expect(noise.shot).toBeGreaterThan(0);
        expect(qualities[0]).toBeGreaterThanOrEqual(60);
      }
    },
  );

  it("writes over nothing, unless --force replaces it as a whole", async () => {
    const stale = join(cli.file("second"), LR_X2, "stale.png");
    writeFileSync(stale, "");
    const refused = await degrade("second");
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(/^metakernelgan: [^\n]+ is not empty; [^\n]+--force[^\n]+\n$/);
    expect(existsSync(stale)).toBe(true);

    expect((await degrade("second", "--force", "--seed", "1")).code).toBe(0);
    expect(digests(cli.file("second"))).toEqual(digests(cli.file("other")));

    const source = join(cli.file("second"), LR_X2);
    const itself = await cli.run(["degrade", "--data", source, "--out", cli.file("second"), "--force"]);
    expect(itself.code).toBe(2);
    expect(itself.stderr).toContain("--data is read from there");
    expect(readdirSync(source)).toHaveLength(3);
  });

  it("skips images that cannot be used, counts them, and keeps the others' kernels", async () => {
    const mixed = cli.file("mixed");
    await writeHrImages(mixed, ["b.png", "a.png", "c.png"]);
    writeFileSync(join(mixed, "a.png"), "This is no picture.\n");
    await writeHrImages(join(mixed), ["d.png"], 31, 40);
    const { code, stdout, stderr } = await cli.run([
      "degrade",
      "--data",
      mixed,
      "--out",
      cli.file("mixed-out"),
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain("2 low-resolution images");
    const lines = stderr.trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain("a.png is not an image");
    expect(lines[1]).toMatch(/d\.png: The image is 31×40; for ×2 both sides need at least 32 pixels/);
    expect(lines[2]).toMatch(/2 of 4 images were skipped: .*a\.png, .*d\.png\.$/);
    const kernels = digests(cli.file("mixed-out"));
    const whole = digests(cli.file("first"));
    expect(readdirSync(join(cli.file("mixed-out"), LR_X2)).sort()).toEqual(["b.png", "c.png"]);
    // The kernel belongs to the place in the folder, whatever became of the images before.
    expect(kernels[`${KERNELS_X2}/b.mat`]).toBe(whole[`${KERNELS_X2}/b.mat`]);
  });

  it.each([
    ["a folder that is missing", () => cli.file("nowhere"), "there is no such folder"],
    ["a file", () => join(HR, "b.png"), "it is not a folder"],
    ["an empty folder", () => folderOf("empty"), "holds no PNG, JPEG or WebP image"],
    [
      "two images of one name",
      () => folderOf("transposes", "a.png", "a.jpg"),
      "a.jpg and a.png have the same name",
    ],
    ["only what is no image", () => folderOf("broken", "a.png"), "holds no image that can be used"],
  ])("refuses %s and makes nothing", async (_what, make, message) => {
    const out = cli.file("refused");
    const { code, stdout, stderr } = await cli.run(["degrade", "--data", make(), "--out", out]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(/^metakernelgan: /);
    expect(stderr).toContain(message);
    expect(existsSync(out)).toBe(false);
  });

  it("refuses an output that is a file", async () => {
    writeFileSync(cli.file("file"), "kept");
    const { code, stderr } = await degrade("file");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^metakernelgan: [^\n]+cannot be a folder[^\n]+\n$/);
    expect(readFileSync(cli.file("file"), "utf8")).toBe("kept");
  });

  it("stops at Ctrl-C with one line and no folder", async () => {
    const many = Array.from({ length: 200 }, (_, index) => `${index}.png`);
    await writeHrImages(cli.file("many"), many, 32, 32);
    const out = cli.file("canceled");
    const { code, stdout, stderr } = await cli.run(["degrade", "--data", cli.file("many"), "--out", out], {
      interruptAt: "50 of 200 images",
    });
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toMatch(
      /50 of 200 images\.\n(.*of 200 images\.\n)*metakernelgan: Canceled; nothing was written\.\n$/,
    );
    expect(existsSync(out)).toBe(false);
  });
});

function folderOf(name: string, ...files: string[]): string {
  mkdirSync(cli.file(name));
  for (const file of files) writeFileSync(join(cli.file(name), file), "No picture.\n");
  return cli.file(name);
}

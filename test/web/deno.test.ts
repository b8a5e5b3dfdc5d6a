import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, inject, it } from "vitest";
import { useInstalledProject } from "../support/installed.js";
import { ROOT } from "../support/root.js";
import { degradedPicture } from "./pictures.js";

const WIDTH = 48;
const HEIGHT = 40;
const DENO = join(ROOT, "node_modules/deno/bin.cjs");

const project = useInstalledProject();

// Deno takes no TypeScript from a folder node_modules.
const folder = mkdtempSync(join(tmpdir(), "metakernelgan-deno-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RUN = ["run", "--allow-read", "--allow-write", "--allow-env", "--node-modules-dir=manual"];

/** Runs a script in Deno, beside the installed package. */
async function runDeno(...script: string[]): Promise<string> {
  const installed = join(folder, "node_modules/metakernelgan");
  mkdirSync(installed, { recursive: true });
  cpSync(join(project.folder, "node_modules/metakernelgan"), installed, { recursive: true });
  cpSync(join(installed, "examples/deno.ts"), join(folder, "deno.ts"));
  const { stdout } = await promisify(execFile)(process.execPath, [DENO, ...RUN, ...script], { cwd: folder });
  return stdout;
}

/** Name of Deno's adapter, empty if it has none. */
function adapterName(): string {
  const code = "console.log((await navigator.gpu?.requestAdapter())?.info.description ?? '')";
  return execFileSync(process.execPath, [DENO, "eval", code], { encoding: "utf8" }).trim();
}

it("the example for Deno makes the picture on wgpu, and names its adapter", async ({ skip }) => {
  const name = adapterName();
  skip(name === "", "Deno finds no Vulkan driver on this machine");
  const { image } = degradedPicture(WIDTH, HEIGHT);
  const area = WIDTH * HEIGHT;
  const bytes = Uint8Array.from({ length: 3 * area }, (_, i) =>
    Math.round(255 * (image.data[(i % 3) * area + Math.floor(i / 3)] as number)),
  );
  writeFileSync(join(folder, "photo.rgb"), bytes);
  const stdout = await runDeno("deno.ts", "photo.rgb", String(WIDTH), String(HEIGHT), "large.rgb");
  expect(stdout).toContain(`${2 * WIDTH}×${2 * HEIGHT} pixels`);
  expect(stdout).toContain(`on ${name}`);
  const large = readFileSync(join(folder, "large.rgb"));
  expect(large).toHaveLength(12 * area);
  expect(new Set(large).size).toBeGreaterThan(50);
  // The same picture as on Dawn.
  const { createUpscaler, rgbImage } = (await import(
    /* @vite-ignore */ join(inject("package"), "dist/node.js")
  )) as typeof import("../../src/node.js");
  const upscaler = await createUpscaler();
  const { rgb } = await upscaler.upscale(rgbImage(WIDTH, HEIGHT, image.data));
  const differences = Array.from(large, (value, i) => {
    const expected = 255 * (rgb.data[(i % 3) * 4 * area + Math.floor(i / 3)] as number);
    return Math.abs(value - Math.min(Math.max(expected, 0), 255));
  });
  upscaler.dispose();
  expect(Math.max(...differences)).toBeLessThanOrEqual(1);
});

/** What a page does with a picture, where nothing can be drawn. */
const DRAWING = `import { createUpscaler, rgbImage } from "metakernelgan";
const weights = (name) => Deno.readFile(new URL(import.meta.resolve(\`metakernelgan/models/\${name}.safetensors\`)));
const upscaler = await createUpscaler({ model: "fast", weights });
const picture = await upscaler.upscale(rgbImage(16, 16, new Float32Array(768).fill(0.5)));
const file = new Blob([await Deno.readFile("photo.png")], { type: "image/png" });
for (const call of [() => upscaler.upscale(file), () => picture.toBlob(), () => picture.toCanvas()])
  console.log(await Promise.resolve().then(call).catch(String));
console.log(picture.toImageData().width);
upscaler.dispose();
`;

it("Deno is told that nothing can be drawn there, and where to read and write files", async ({ skip }) => {
  skip(adapterName() === "", "Deno finds no Vulkan driver on this machine");
  writeFileSync(join(folder, "drawing.js"), DRAWING);
  writeFileSync(join(folder, "photo.png"), degradedPicture(WIDTH, HEIGHT).file.bytes);
  const told = (await runDeno("drawing.js")).trim().split("\n");
  const sentence = expect.stringMatching(/^ImageError: Nothing can be drawn here: .*metakernelgan\/node\.$/);
  expect(told).toEqual([sentence, sentence, sentence, "32"]);
});

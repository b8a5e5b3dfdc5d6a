import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, expect, it } from "vitest";
import type * as Node from "../../src/node.js";
import { useCli } from "../support/cli.js";
import { useInstalledProject } from "../support/installed.js";
import { syntheticImage } from "../support/synthetic-image.js";
import { degradedPicture } from "./pictures.js";
import { serve } from "./serve.js";

const project = useInstalledProject();
const cli = useCli();
const installed = join(project.folder, "node_modules/metakernelgan");
const photo = join(project.folder, "photo.png");
const image = syntheticImage(1, 64, 48);
let node: typeof Node;
let upscaler: Awaited<ReturnType<typeof Node.createUpscaler>>;
let picture: Node.UpscaledPicture;

/** Milliseconds that a refusal may take: a device is not opened for it, also on a machine that is ten times slower than others. */
let atOnce = 100;

beforeAll(async () => {
  writeFileSync(photo, degradedPicture(64, 48).file.bytes);
  node = await import(/* @vite-ignore */ join(installed, "dist/node.js"));
  const began = performance.now();
  upscaler = await node.createUpscaler({ model: "fast" });
  atOnce = Math.max(atOnce, (performance.now() - began) / 2);
  picture = await upscaler.upscale(photo);
});

afterAll(() => upscaler?.dispose());

/** A value in the place of one of another type. */
const wrong = (value: unknown): never => value as never;
const create = (options: unknown) => node.createUpscaler(wrong(options));
const upscale = (source: unknown, options?: unknown) => upscaler.upscale(wrong(source), wrong(options));
const estimate = (source: unknown, options?: unknown) =>
  upscaler.estimateKernel(wrong(source), wrong(options));

it.each<[string, () => Promise<unknown>, string, string]>([
  ["no options, but null", () => create(null), "UpscaleError", "got null"],
  ["a number for options", () => create(2), "UpscaleError", "got 2"],
  ["a text for options", () => create("fast"), "UpscaleError", "got a string"],
  ["a scale of three", () => create({ scale: 3 }), "UpscaleError", "one of 2, 4; got 3"],
  ["a scale of text", () => create({ scale: "2" }), "UpscaleError", 'one of 2, 4; got "2"'],
  ["a symbol for a scale", () => create({ scale: Symbol("2") }), "UpscaleError", "got Symbol(2)"],
  ["a signal for options", () => create(new AbortController().signal), "UpscaleError", "{ signal }"],
  ["a file for a page", async () => picture.toBlob(), "ImageError", "writeImage"],
  ["pixels for a page", async () => picture.toImageData(), "ImageError", "writeImage"],
  ["a canvas for a page", async () => picture.toCanvas(), "ImageError", "writeImage"],
  ["an unknown model", () => create({ model: "best" }), "UpscaleError", "small, usrnet, fast"],
  [
    "an AbortController",
    () => create({ signal: new AbortController() }),
    "UpscaleError",
    "controller.signal",
  ],
  ["a signal of null", () => create({ signal: null }), "UpscaleError", "got null"],
  ["progress that is no function", () => create({ onProgress: true }), "UpscaleError", "onProgress"],
  [
    "a folder without weights",
    () => create({ weights: "/nowhere" }),
    "WeightsError",
    "/nowhere/spectral-x2.safetensors",
  ],
  ["a number for weights", () => create({ weights: 5 }), "WeightsError", "got 5"],
  ["a Promise for weights", () => create({ weights: Promise.resolve("models") }), "WeightsError", "await it"],
  ["bytes for weights", () => create({ weights: new Uint8Array(8) }), "WeightsError", "Uint8Array"],
  [
    "a loader that fails",
    () => create({ weights: async () => Promise.reject(new Error("no disk")) }),
    "WeightsError",
    "no disk",
  ],
  [
    "a loader that throws nothing",
    () => create({ weights: () => Promise.reject() }),
    "WeightsError",
    "no weights spectral-x2",
  ],
  ["a loader without bytes", () => create({ weights: () => undefined }), "WeightsError", "no Uint8Array"],
  [
    "a loader of an ArrayBuffer",
    () => create({ weights: async () => new ArrayBuffer(8) }),
    "WeightsError",
    "new Uint8Array(buffer)",
  ],
  [
    "a loader of a web page",
    () => create({ weights: async () => new TextEncoder().encode("<!doctype html>") }),
    "WeightsError",
    "a web page for spectral-x2",
  ],
  [
    "a loader of another scale's weights",
    () =>
      create({
        model: "fast",
        weights: async () => readFileSync(join(installed, "models/spectral-x4.safetensors")),
      }),
    "WeightsError",
    "×4 as spectral-x2",
  ],
  [
    "a loader of noise",
    () => create({ weights: async () => new Uint8Array(99) }),
    "WeightsError",
    "safetensors",
  ],
  [
    "an adapter for a device",
    () => create({ device: { requestDevice() {} } }),
    "EngineError",
    "requestDevice",
  ],
  ["a Promise for a device", () => create({ device: Promise.resolve() }), "EngineError", "await it"],
  ["an unknown adapter", () => create({ adapter: "nvidia" }), "NoAdapterError", "nvidia"],
  ["no picture", () => upscale(undefined), "ImageError", "got nothing"],
  ["null", () => estimate(null), "ImageError", "got null"],
  [
    "the address of no server",
    () => upscale("http://localhost:1/photo.png"),
    "ImageError",
    "http://localhost:1/photo.png cannot be fetched: ",
  ],
  ["a URL of another kind", () => upscale(new URL("ftp://localhost/photo.png")), "ImageError", "ftp:"],
  [
    "a missing file's address",
    () => upscale("file:///nowhere/photo.png"),
    "ImageError",
    "/nowhere/photo.png cannot be read: there is no such file",
  ],
  [
    "the URL of another computer's file",
    () => upscale(new URL("file://elsewhere/photo.png")),
    "ImageError",
    "file://elsewhere/photo.png",
  ],
  [
    "another computer's folder for weights",
    () => create({ weights: new URL("file://elsewhere/models") }),
    "WeightsError",
    "file://elsewhere/models",
  ],
  [
    "the text of a picture",
    () => upscale(readFileSync(photo).toString("base64").padEnd(5000, "=")),
    "ImageError",
    'no path; for a picture in base64, give Buffer.from(text, "base64")',
  ],
  ["an address that holds no picture", () => upscale("data:text/plain,photo"), "ImageError", "The picture"],
  ["a Blob of no picture", () => upscale(new Blob(["no picture"])), "ImageError", "The picture"],
  ["a missing file", () => upscale("/nowhere.png"), "ImageError", "/nowhere.png"],
  ["a missing file's URL", () => estimate(pathToFileURL("/nowhere.png")), "ImageError", "/nowhere.png"],
  ["a folder", () => upscale(project.folder), "ImageError", "folder"],
  ["an empty path", () => upscale(""), "ImageError", ""],
  ["an ArrayBuffer of no picture", () => upscale(new ArrayBuffer(100)), "ImageError", "picture"],
  ["a DataView", () => upscale(new DataView(new ArrayBuffer(100))), "ImageError", "DataView"],
  ["a Promise of a path", () => upscale(Promise.resolve(photo)), "ImageError", "await it"],
  ["a list of paths", () => upscale([photo]), "ImageError", "Array"],
  ["an object with a path", () => upscale({ path: photo }), "ImageError", "path"],
  [
    "an ImageData",
    () => upscale({ width: 8, height: 8, data: new Uint8ClampedArray(256) }),
    "ImageError",
    "fromImageData",
  ],
  ["bytes of no picture", () => upscale(new Uint8Array(100)), "ImageError", "picture"],
  ["no bytes", () => upscale(new Uint8Array()), "ImageError", "0 bytes"],
  ["options of null", () => upscale(image, null), "UpscaleError", "got null"],
  ["a kernel's options of null", () => estimate(image, null), "UpscaleError", "got null"],
  [
    "a signal that is a controller",
    () => upscale(image, { signal: new AbortController() }),
    "UpscaleError",
    "controller.signal",
  ],
  [
    "a kernel's signal that is a controller",
    () => estimate(image, { signal: new AbortController() }),
    "UpscaleError",
    "signal",
  ],
  ["a text for a function", () => upscale(image, { onKernel: "log" }), "UpscaleError", "onKernel"],
  ["a sigma of text", () => upscale(image, { sigma: "high" }), "UpscaleError", "got a string"],
  ["a negative sigma", () => upscale(image, { sigma: -1 }), "UpscaleError", "got -1"],
  ["a sigma of NaN", () => upscale(image, { sigma: Number.NaN }), "UpscaleError", "NaN"],
  ["a sigma of a million", () => upscale(image, { sigma: 1e6 }), "UpscaleError", "1000000"],
  ["a tile of half a pixel", () => upscale(image, { tile: 0.5 }), "UpscaleError", "0.5"],
  ["a tile of text", () => upscale(image, { tile: "512" }), "UpscaleError", "got a string"],
  ["an unknown place", () => upscale(image, { align: "center" }), "UpscaleError", "photo, paper"],
  ["an unknown border", () => upscale(image, { boundary: "mirror" }), "UpscaleError", "natural, circular"],
  ["a kernel alone", () => upscale(image, { given: new Float32Array(121) }), "UpscaleError", "{ kernel }"],
  ["a kernel of null", () => upscale(image, { given: { kernel: null } }), "UpscaleError", "{ kernel }"],
  ["no canvas", () => upscaler.toCanvas(image, wrong(null)), "ImageError", "got null"],
  ["a canvas by its name", () => upscaler.toCanvas(image, wrong("canvas")), "ImageError", "a string"],
])(
  "Node's upscaler refuses %s in one sentence, at once, and works after it",
  async (_, call, kind, words) => {
    const began = performance.now();
    const error: Error = await Promise.resolve()
      .then(call)
      .then(
        () => new Error("It was taken."),
        (reason) => reason,
      );
    const took = performance.now() - began;
    expect(error).toMatchObject({ name: kind });
    expect(error).toBeInstanceOf(node.EngineError);
    expect(error.message).toContain(words);
    expect(error.message).not.toContain("\n");
    // A disk and a server take their time, and a network of another scale is loaded first.
    // An adapter's name is looked for among those of all drivers, which are loaded as for a device.
    const limit = words === "nvidia" ? 2 * atOnce : atOnce;
    if (!/\/nowhere\/|fetched|×4 as/.test(words)) expect(took).toBeLessThan(limit);
    expect((await upscaler.upscale(image)).width).toBe(128);
  },
);

it("Node's upscaler takes a photo by path, by address and in memory", async () => {
  const site = await serve({ "/": project.folder });
  const bytes = readFileSync(photo);
  const blob = new Blob([bytes]);
  try {
    for (const source of [
      pathToFileURL(photo),
      pathToFileURL(photo).href,
      `${site.address}photo.png`,
      new URL(`${site.address}photo.png`),
      `data:image/png;base64,${bytes.toString("base64")}`,
      URL.createObjectURL(blob),
      blob,
      bytes,
      new Uint8Array(bytes).buffer,
    ]) {
      expect((await upscaler.upscale(source)).rgb.data).toEqual(picture.rgb.data);
    }
    const missing = upscaler.upscale(`${site.address}nothing.png`);
    await expect(missing).rejects.toThrow(`${site.address}nothing.png cannot be fetched: HTTP 404.`);
    const controller = new AbortController();
    const aborted = upscaler.upscale(`${site.address}photo.png`, { signal: controller.signal });
    controller.abort("enough");
    await expect(aborted).rejects.toBe("enough");
  } finally {
    await site.close();
  }
});

it.each([
  [
    "a telephone's photo",
    "photo.jpg",
    () =>
      sharp(photo)
        .withIccProfile("p3")
        .withExif({ IFD0: { Make: "phone" } })
        .jpeg(),
  ],
  [
    "an upright photo that is stored on its side",
    "turned.jpg",
    () => sharp(photo).withMetadata({ orientation: 6 }).jpeg(),
  ],
  ["a gray scan of 16 bits", "scan.png", () => sharp(photo).toColorspace("grey16").withDensity(300).png()],
])("the picture of %s is written as the command line writes it", async (_, name, encode) => {
  const [source, written] = [join(project.folder, name), join(project.folder, `large-${name}`)];
  await encode().toFile(source);
  expect(await cli.run(["upscale", source, "--model", "fast", "--out", cli.file(name)])).toMatchObject({
    code: 0,
  });
  const expected = readFileSync(cli.file(name));
  for (const photo of [source, readFileSync(source), new Blob([readFileSync(source)])]) {
    await node.writeImage(written, await upscaler.upscale(photo));
    expect(readFileSync(written).equals(expected)).toBe(true);
  }
});

it("runs a shader of one's own whose constants the package's launches set", async () => {
  const engines: typeof import("../../src/engine/index.js") = await import(
    /* @vite-ignore */ join(installed, "dist/engine.js")
  );
  const engine = await node.createEngine();
  try {
    const tape = new engines.Tape(engine);
    const x = tape.constant(Float32Array.of(1, 2, 3), "x");
    const y = tape.tensor([3], "y");
    const code = `
      override WORKGROUP: u32;
      @group(0) @binding(0) var<storage, read> x: array<f32>;
      @group(0) @binding(1) var<storage, read_write> y: array<f32>;
      @compute @workgroup_size(WORKGROUP)
      fn main(@builtin(global_invocation_id) id: vec3u) {
        if (id.x < arrayLength(&x)) { y[id.x] = 2 * x[id.x]; }
      }`;
    tape.dispatch({
      shader: engines.shaderFromSource(code),
      bindings: { x, y },
      ...engines.grid(tape, [3], {}),
    });
    (await tape.finish()).run();
    expect(await engine.read(y)).toEqual(Float32Array.of(2, 4, 6));
  } finally {
    engine.dispose();
  }
});

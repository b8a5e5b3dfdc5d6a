import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Engine } from "../../src/engine/device/engine.js";
import { EngineError } from "../../src/engine/errors.js";
import { MetaKernelGAN } from "../../src/estimate/metakernelgan/metakernelgan.js";
import { SpectralEstimator } from "../../src/estimate/spectral/spectral-estimator.js";
import { ImageError } from "../../src/image/errors.js";
import type { RgbImage } from "../../src/image/rgb-image.js";
import { KernelError } from "../../src/kernel/errors.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { upscalePhoto } from "../../src/pipeline/upscale-photo.js";
import { UpscaleError } from "../../src/upscale/errors.js";
import { FourierUpscaler } from "../../src/upscale/fourier/fourier-upscaler.js";
import { GuidedUpscaler } from "../../src/upscale/guided/guided-upscaler.js";
import { UsrNet } from "../../src/upscale/usrnet/usrnet.js";
import { WeightsError } from "../../src/weights/errors.js";
import { useEngine } from "../support/engine.js";
import { ROOT } from "../support/root.js";
import { syntheticImage } from "../support/synthetic-image.js";

const gpu = useEngine();

const read = (name: string) => new Uint8Array(readFileSync(`${ROOT}/models/${name}.safetensors`));
const image = syntheticImage(1, 64, 48);
const kernel = gaussianKernel({ lambda1: 3, lambda2: 1, theta: 0.5 });

/** An image with other fields, or of another kind altogether. */
const wrong = (fields: object): RgbImage => ({ ...image, ...fields }) as RgbImage;
const canvas = { nodeName: "CANVAS", width: 64, height: 48, getContext: () => null } as unknown as RgbImage;
const imageData = { width: 64, height: 48, data: new Uint8ClampedArray(4 * 64 * 48) };

describe("a call with something else than it takes", () => {
  let spectral: SpectralEstimator;
  let meta: MetaKernelGAN;
  let fourier: FourierUpscaler;

  it.each<[string, () => Promise<unknown> | unknown, new () => EngineError, string]>([
    ["an ImageData", () => meta.estimate(imageData as unknown as RgbImage), ImageError, "fromImageData"],
    [
      "an ImageData to read",
      () => spectral.estimate(imageData as unknown as RgbImage),
      ImageError,
      "fromImageData",
    ],
    ["a canvas", () => spectral.estimate(canvas), ImageError, "fromImageData"],
    ["nothing", () => spectral.estimate(undefined as unknown as RgbImage), ImageError, "RgbImage"],
    ["a width of 64.5", () => upscale(wrong({ width: 64.5 })), ImageError, "64.5×48"],
    ["a height of NaN", () => spectral.estimate(wrong({ height: Number.NaN })), ImageError, "64×NaN"],
    [
      "an image without pixels",
      () => upscale(wrong({ width: 0, data: new Float32Array() })),
      ImageError,
      "no pixels",
    ],
    ["too few values", () => spectral.estimate(wrong({ height: 47 })), ImageError, "got 9216"],
    [
      "float64 values",
      () => spectral.estimate(wrong({ data: new Float64Array(9216) })),
      ImageError,
      "Float32Array",
    ],
    [
      "NaN",
      () => spectral.estimate(wrong({ data: image.data.with(7, Number.NaN) })),
      ImageError,
      "not finite",
    ],
    [
      "0…255",
      () => meta.estimate(wrong({ data: image.data.map((v) => 255 * v) })),
      ImageError,
      "divide bytes by 255",
    ],
    ["an ArrayBuffer as weights", () => load(read("usrnet").buffer), WeightsError, "ArrayBuffer"],
    ["a URL as weights", () => load(new URL("https://example.org/usrnet.safetensors")), WeightsError, "URL"],
    ["a Promise as weights", () => load(Promise.resolve(read("usrnet"))), WeightsError, "await it"],
    ["a path as weights", () => load("usrnet.safetensors"), WeightsError, "a string"],
    ["no weights", () => MetaKernelGAN.load(gpu.engine, undefined as never), WeightsError, "got nothing"],
    ["an adapter as device", () => Engine.create({ device: adapter() }), EngineError, "requestDevice"],
    ["no options", () => fourier.upscale(image, undefined as never), UpscaleError, "{ kernel, scale }"],
    [
      "no kernel",
      () => guided().then((it) => it.upscale(image, { scale: 2 } as never)),
      UpscaleError,
      "kernel",
    ],
    [
      "a kernel for another scale",
      () => photo({ given: { kernel }, scale: 4 }),
      KernelError,
      "for ×2, not for ×4",
    ],
    ["neither kernel nor estimator", () => photo({}), EngineError, "neither a kernel nor an estimator"],
  ])(
    "refuses %s in one sentence, at once, and leaves the engine usable",
    async (_name, call, kind, words) => {
      const { engine } = gpu;
      spectral ??= await SpectralEstimator.load(engine, read("spectral-x2"));
      meta ??= await MetaKernelGAN.load(engine, read("metakernelgan"));
      fourier ??= new FourierUpscaler(engine);
      // Compiled, so that no compiler is in the times.
      await fourier.upscale(image, { kernel, scale: 2 });
      const { bytes } = engine.memory;
      const began = performance.now();
      const error: Error = await Promise.resolve<unknown>(undefined)
        .then(call)
        .then(
          () => new Error("nothing was refused"),
          (reason) => reason,
        );
      const took = performance.now() - began;
      expect(error).toBeInstanceOf(kind);
      expect(error).toBeInstanceOf(EngineError);
      expect(error.message).toContain(words);
      expect(error.message).not.toMatch(/--\w|metakernelgan \w/);
      expect(took).toBeLessThan(100);
      expect(engine.memory.bytes).toBe(bytes);
      await fourier.upscale(image, { kernel, scale: 2 });
    },
  );

  const upscale = (photo: RgbImage) => fourier.upscale(photo, { kernel, scale: 2 });
  const load = (weights: unknown) => UsrNet.load(gpu.engine, weights as Uint8Array);
  const guided = () => GuidedUpscaler.load(gpu.engine, read("small-x2"));
  const photo = (options: object) => upscalePhoto({ upscaler: fourier }, image, options);
  const adapter = () => ({ requestDevice() {}, limits: {}, features: new Set() }) as unknown as GPUDevice;
});

describe("a tool that was disposed", () => {
  it("says so, and harms nobody on the same engine", async () => {
    const { engine } = gpu;
    const [one, other] = [
      await SpectralEstimator.load(engine, read("spectral-x2")),
      await SpectralEstimator.load(engine, read("spectral-x2")),
    ];
    const net = await UsrNet.load(engine, read("usrnet"));
    const small = await GuidedUpscaler.load(engine, read("small-x2"));
    const meta = await MetaKernelGAN.load(engine, "random");
    for (const tool of [one, net, small, meta]) {
      tool.dispose();
      tool.dispose();
    }
    const before = other.estimate(image);
    for (const call of [
      one.estimate(image),
      meta.estimate(image),
      net.upscale(image, { kernel, scale: 2 }),
      small.upscale(image, { kernel, scale: 2 }),
    ]) {
      await expect(call).rejects.toThrow(/^This (estimator|upscaler) was disposed; load another\.$/);
    }
    expect(await other.estimate(image)).toEqual(await before);
    other.dispose();
  });
});

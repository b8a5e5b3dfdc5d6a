// node examples/node.js photo.jpg large.png kernel.mat
import { readFile } from "node:fs/promises";
import {
  createEngine,
  FourierUpscaler,
  MetaKernelGAN,
  readImage,
  writeImage,
  writeKernel,
} from "metakernelgan/node";

const [photo, picture, kernelFile] = process.argv.slice(2);
const weights = await readFile(new URL("../models/metakernelgan.safetensors", import.meta.url));

const engine = await createEngine(); // a GPU where there is one, else a software driver
try {
  const source = await readImage(photo);
  const { kernel } = await MetaKernelGAN.load(engine, weights).estimate(source.rgb, {
    scale: 2,
    steps: 100,
    onProgress: (step) => process.stderr.write(`\rstep ${step}`),
  });
  const rgb = await new FourierUpscaler(engine).upscale(source.rgb, { kernel, scale: 2 });
  await writeImage(picture, { rgb, bitDepth: source.bitDepth, metadata: source.metadata });
  await writeKernel(kernelFile, kernel);
  console.log(`\n${photo} → ${picture}, ${rgb.width}×${rgb.height} pixels, on ${engine.adapter.name}`);
} finally {
  engine.dispose();
}

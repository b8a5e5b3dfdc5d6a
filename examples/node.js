// node examples/node.js photo.jpg large.png kernel.mat
import { readFile } from "node:fs/promises";
import {
  createEngine,
  FourierUpscaler,
  MetaKernelGAN,
  readImage,
  upscalePhoto,
  writeImage,
  writeKernel,
} from "metakernelgan/node";

const [photo, picture, kernelFile] = process.argv.slice(2);
const weights = await readFile(new URL("../models/metakernelgan.safetensors", import.meta.url));

const engine = await createEngine(); // a GPU if there is one, else a software driver
try {
  const source = await readImage(photo);
  const estimator = await MetaKernelGAN.load(engine, weights);
  const upscaler = new FourierUpscaler(engine);
  const result = await upscalePhoto({ estimator, upscaler }, source.rgb, {
    scale: 2,
    steps: 100,
    sigma: 0,
    onProgress: ({ phase, done, total }) => process.stderr.write(`\r${phase} ${done} of ${total}   `),
  });
  const { picture: rgb, kernel } = result;
  await writeImage(picture, { rgb, bitDepth: source.bitDepth, metadata: source.metadata });
  await writeKernel(kernelFile, kernel);
  console.log(`\n${photo} → ${picture}, ${rgb.width}×${rgb.height} pixels, on ${engine.adapter.name}`);
} finally {
  engine.dispose();
}

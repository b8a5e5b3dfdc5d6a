// node examples/node.js photo.jpg large.png kernel.mat
import { createUpscaler, readImage, writeImage, writeKernel } from "metakernelgan/node";

const [photo, picture, kernelFile] = process.argv.slice(2);

const upscaler = await createUpscaler(); // on a GPU if there is one, else on a software driver
try {
  const { bitDepth, metadata } = await readImage(photo);
  const { rgb, alpha, kernel, width, height } = await upscaler.upscale(photo, {
    onProgress: ({ phase, done, total }) => process.stderr.write(`\r${phase} ${done} of ${total}   `),
  });
  await writeImage(picture, { rgb, alpha, bitDepth, metadata });
  await writeKernel(kernelFile, kernel);
  console.log(`\n${photo} → ${picture}, ${width}×${height} pixels, on ${upscaler.engine.adapter.name}`);
} finally {
  upscaler.dispose();
}

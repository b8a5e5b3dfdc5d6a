// node examples/node.js photo.jpg large.png kernel.mat
import { createUpscaler, writeImage, writeKernel } from "metakernelgan/node";

const [photo, picture, kernelFile] = process.argv.slice(2);

const upscaler = await createUpscaler(); // on a GPU if there is one, else on a software driver
try {
  const sharp = await upscaler.upscale(photo, {
    onProgress: ({ phase, done, total }) => process.stderr.write(`\r${phase} ${done} of ${total}   `),
  });
  await writeImage(picture, sharp); // with the photo's color profile, depth and EXIF
  await writeKernel(kernelFile, sharp.kernel);
  const { name } = upscaler.engine.adapter;
  console.log(`\n${photo} → ${picture}, ${sharp.width}×${sharp.height} pixels, on ${name}`);
} finally {
  upscaler.dispose();
}

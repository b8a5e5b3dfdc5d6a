// node examples/node-require.cjs photo.jpg large.png: in CommonJS, with Node 20.19, 22.12 or newer
const { createUpscaler, writeImage } = require("metakernelgan/node");

const [photo, picture] = process.argv.slice(2);

async function main() {
  const upscaler = await createUpscaler();
  const large = await upscaler.upscale(photo);
  await writeImage(picture, large);
  upscaler.dispose();
  console.log(`${picture}, ${large.width}×${large.height} pixels`);
}

main();

// deno run --allow-read --allow-write --allow-env examples/deno.ts photo.rgb 640 480 large.rgb
// Deno has no decoder of image files: pictures are bytes, three a pixel.
import { createUpscaler, rgbImage } from "metakernelgan";

const [source, width, height, target] = Deno.args;
const area = Number(width) * Number(height);
const bytes = await Deno.readFile(source);
const planes = Float32Array.from(
  { length: 3 * area },
  (_, i) => bytes[3 * (i % area) + Math.floor(i / area)] / 255,
);

const upscaler = await createUpscaler({
  weights: (name) => Deno.readFile(new URL(import.meta.resolve(`metakernelgan/models/${name}.safetensors`))),
});
const { rgb, noise } = await upscaler.upscale(rgbImage(Number(width), Number(height), planes));
const large = Uint8ClampedArray.from(
  { length: rgb.data.length },
  (_, i) => 255 * rgb.data[(i % 3) * rgb.width * rgb.height + Math.floor(i / 3)],
);
await Deno.writeFile(target, new Uint8Array(large.buffer));
console.log(
  `${rgb.width}×${rgb.height} pixels, noise of ${noise?.toFixed(1)} / 255, on ${upscaler.engine.adapter.name}`,
);
upscaler.dispose();

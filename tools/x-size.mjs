import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const [dist] = process.argv.slice(2);
for (const [l, names] of [
  ["estimate", "Engine, MetaKernelGAN, SpectralEstimator, rgbImage"],
  ["usrnet+spectral", "Engine, SpectralEstimator, UsrNet, upscalePhoto, fromImageData, toImageData"],
  [
    "all",
    "Engine, MetaKernelGAN, SpectralEstimator, rgbImage, FourierUpscaler, UsrNet, parseSafetensors, automaticSigma",
  ],
]) {
  const f = mkdtempSync("/tmp/embed-sz-");
  const entry = join(f, "e.js");
  writeFileSync(entry, `export { ${names} } from ${JSON.stringify(dist)};`);
  const o = await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      target: "es2022",
      lib: { entry, formats: ["es"] },
      rolldownOptions: { output: { minify: true } },
    },
  });
  const c = o[0].output.map((x) => x.code ?? "").join("");
  console.log(l, c.length, gzipSync(c).length);
}

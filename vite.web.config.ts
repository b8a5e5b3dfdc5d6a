import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { METHODS } from "./src/estimate/methods/methods.js";
import { briefErrors } from "./tools/build/brief-errors-plugin.js";
import { leaveOut } from "./tools/build/leave-out-plugin.js";
import { minifyAgain } from "./tools/build/minify-plugin.js";
import { selfWorker } from "./tools/build/self-worker-plugin.js";
import { webWeights } from "./tools/build/web-weights-plugin.js";
import { compactShaders } from "./tools/shaders/compact-wgsl-plugin.js";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * What the page never runs, though operations that it uses could: sums of gradients, half precision, and Fourier transforms of lengths with other prime
 * factors than 2, 3 and 5, which it avoids.
 */
const without = ["accumulate_gradient", "cast", "fft_chirp", "fft_pass_prime"];

/** Functions of which the same is true, by their files: of ×1 and ×3, circular borders, and other transforms. */
const withoutFunctions = {
  "/image/circular/wrap-around.ts": ["wrapAround"],
  "/kernel/families/rescaled-kernel.ts": ["rescaledKernel"],
  "/ops/fft/lines.ts": ["bluestein"],
};

/** Checks of what its own code, its form and its own weights always give. */
const withoutChecks = {
  "/engine/device/bindings.ts": ["checkShader", "checkTypes", "checkNames"],
  "/weights/json-keys.ts": ["duplicateKey"],
  "/upscale/tiles/limits.ts": ["assertTile"],
  "/upscale/assert-upscale-options.ts": ["assertUpscaleOptions", "assertSigma", "assertSum"],
};

const { meta, spectral } = METHODS;

/** The page's weights files, in the order in which its worker takes them. */
const weights = [
  meta.weights(2),
  spectral.weights(2),
  spectral.weights(4),
  "small-x2.safetensors",
  "small-x4.safetensors",
] as string[];

/** Vite plugin: the form's default steps are those of the method. */
function defaultSteps(): Plugin {
  return {
    name: "default-steps",
    transformIndexHtml: (text) => text.replace("%STEPS%", String(meta.steps)),
  };
}

/** Builds the page to static files that can be served from any folder. */
export default defineConfig({
  root: at("src/web"),
  base: "./",
  appType: "mpa",
  plugins: [
    briefErrors(),

    compactShaders({ without, shortenOverrides: true }),
    leaveOut(withoutFunctions),
    leaveOut(withoutChecks, "{}"),
    selfWorker(),
    minifyAgain(),
    defaultSteps(),
    webWeights(at("models"), weights),
  ],
  define: { __PAGE_WEIGHTS__: JSON.stringify(weights) },
  build: {
    outDir: at("dist-web"),
    emptyOutDir: true,
    target: "es2022",
    // It would fetch modules once more, of which there is one.
    modulePreload: { polyfill: false },
  },
});

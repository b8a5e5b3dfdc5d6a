import { fileURLToPath } from "node:url";
import { minify } from "terser";
import { defineConfig, type Plugin } from "vite";
import { briefErrors } from "./tools/brief-errors-plugin.js";
import { compactShaders } from "./tools/compact-wgsl-plugin.js";
import { webWeights } from "./tools/web-weights-plugin.js";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * What the page never runs: gradients of images and of networks that it does not train, a loss of theirs, and Fourier transforms of
 * lengths with other prime factors than 2, 3 and 5, which it avoids.
 */
const without = [
  "add_bias_backward",
  "accumulate_gradient",
  "cast",
  "conv2d_backward_input",
  "conv3x3_backward_bias",
  "conv3x3_backward_weight",
  "crop_backward",
  "fft_chirp",
  "fft_pass_prime",
  "l1_loss",
  "l1_loss_backward",
  "pad_replicate_backward",
  "relu_backward",
  "resample2x2_backward_weight",
];

/** A second minifier, which finds what the bundler's own leaves: some two percent of the page, gzipped. */
function minifyAgain(): Plugin {
  return {
    name: "minify-again",
    enforce: "post",
    async generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "chunk") continue;
        const { code } = await minify(file.code, {
          module: true,
          compress: { passes: 3, ecma: 2020, unsafe_arrows: true, pure_getters: true },
          format: { ecma: 2020 },
        });
        file.code = code ?? file.code;
      }
    },
  };
}

/** Builds the page to static files that can be served from any folder. */
export default defineConfig({
  root: at("src/web"),
  base: "./",
  appType: "mpa",
  plugins: [
    briefErrors(),
    compactShaders({ without }),
    minifyAgain(),
    webWeights(
      at("models"),
      ["metakernelgan", "spectral-x2", "spectral-x4", "usrnet"].map((name) => `${name}.safetensors`),
    ),
  ],
  worker: {
    plugins: () => [briefErrors(), compactShaders({ without }), minifyAgain()],
    rolldownOptions: { output: { comments: { annotation: false, legal: false, jsdoc: false } } },
  },
  build: {
    outDir: at("dist-web"),
    emptyOutDir: true,
    target: "es2022",
    // It would fetch modules once more, of which there is one.
    modulePreload: { polyfill: false },
  },
});

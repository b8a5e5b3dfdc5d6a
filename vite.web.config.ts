import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { webWeights } from "./tools/web-weights-plugin.js";
import { wgsl } from "./tools/wgsl-plugin.js";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Builds the page to static files that can be served from any folder. */
export default defineConfig({
  root: at("src/web"),
  base: "./",
  appType: "mpa",
  plugins: [
    wgsl({ compact: true }),
    webWeights(at("models"), ["metakernelgan.safetensors", "usrnet.safetensors"]),
  ],
  worker: { plugins: () => [wgsl({ compact: true })] },
  build: {
    outDir: at("dist-web"),
    emptyOutDir: true,
    target: "es2022",
    // It would fetch modules once more, of which there is one.
    modulePreload: { polyfill: false },
  },
});

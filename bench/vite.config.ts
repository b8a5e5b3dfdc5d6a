import { defineConfig } from "vite";
import { wgsl } from "../tools/wgsl-plugin.js";

const folder = new URL(".", import.meta.url).pathname;

/** Mode `node` builds the bench, `page` the page that Chrome opens, and `baselines` the baselines for Node. */
export default defineConfig(({ mode }) => ({
  root: `${folder}hosts`,
  plugins: [wgsl()],
  logLevel: "warn",
  build: {
    target: "es2022",
    minify: false,
    emptyOutDir: true,
    outDir: `${folder}dist/${mode}`,
    ...(mode === "node" && { ssr: `${folder}main.ts` }),
  },
}));

import { defineConfig } from "vite";
import { wgsl } from "../tools/shaders/wgsl-plugin.js";
import { buildFolder } from "./build-folder.js";

const folder = new URL(".", import.meta.url).pathname;

/** What a build in mode `node` makes: the bench, and its host, which `--ab` opens for another revision. */
const NODE = { main: `${folder}main.ts`, "node-host": `${folder}hosts/node.ts` };

/** Mode `node` builds the bench, `page` the page that Chrome opens, and `peers` the peers for Node. */
export default defineConfig(({ mode }) => ({
  root: `${folder}hosts`,
  plugins: [wgsl()],
  logLevel: "warn",
  build: {
    target: "es2022",
    minify: false,
    emptyOutDir: true,
    outDir: buildFolder(folder, mode),
    ...(mode === "node" && { ssr: true }),
    rolldownOptions: {
      // On a slow machine it would say more than the bench.
      checks: { pluginTimings: false },
      ...(mode === "node" && { input: NODE, output: { entryFileNames: "[name].js" } }),
    },
  },
}));

import { readFileSync } from "node:fs";
import { defineConfig } from "vite";
import { packagedFiles } from "./tools/build/packaged-files-plugin.js";
import { compactShaders } from "./tools/shaders/compact-wgsl-plugin.js";

const manifest = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

/** Builds the library for browsers and Node, and the command line, with the shaders inside. */
export default defineConfig({
  plugins: [
    compactShaders({ shortenOverrides: true, publicOverrides: ["WORKGROUP"] }),
    packagedFiles("worker-thread.js"),
  ],
  define: { __VERSION__: JSON.stringify(manifest.version) },
  build: {
    target: "es2022",
    minify: false,
    lib: {
      entry: {
        index: "src/index.ts",
        engine: "src/engine/index.ts",
        worker: "src/worker.ts",
        "worker-thread": "src/embed/worker/thread.ts",
        node: "src/node.ts",
        cli: "src/cli/main.ts",
      },
      formats: ["es"],
    },
    rolldownOptions: {
      external: [/^node:/, ...Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })],
    },
  },
});

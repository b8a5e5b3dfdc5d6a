import { defineConfig } from "vitest/config";
import { wgsl } from "../tools/shaders/wgsl-plugin.js";
import { CHROME } from "./support/browser-tests.js";

/** The GPU tests of a browser, in Deno: on wgpu with its compiler Naga, the WebGPU that Firefox has. See `npm run test:deno`. */
export default defineConfig({
  plugins: [wgsl()],
  test: {
    name: "deno",
    include: CHROME,
    testTimeout: 300_000,
    hookTimeout: 60_000,
    pool: "forks",
    fileParallelism: false,
    isolate: false,
  },
});

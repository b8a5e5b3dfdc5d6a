import { defineConfig } from "vitest/config";
import { wgsl } from "./tools/wgsl-plugin.js";

export default defineConfig({
  plugins: [wgsl()],
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    // Every test file that uses the GPU opens a device of its own; two cores gain nothing from more at once.
    fileParallelism: false,
  },
});

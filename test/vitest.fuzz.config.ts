import { defineConfig } from "vitest/config";
import { wgsl } from "../tools/shaders/wgsl-plugin.js";

/** `npm run fuzz`: damaged files, in a process of their own, so that their memory can be measured. */
export default defineConfig({
  plugins: [wgsl()],
  test: {
    include: ["test/hostile/mutations.fuzz.ts"],
    testTimeout: 3_600_000,
    disableConsoleIntercept: true,
  },
});

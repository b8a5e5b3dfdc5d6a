import { defineConfig } from "vitest/config";
import { puppeteer } from "./test/support/puppeteer-provider.js";
import { wgsl } from "./tools/wgsl-plugin.js";

export default defineConfig({
  plugins: [wgsl()],
  test: {
    // Software drivers compile shaders slowly, and run them so; the first engine unpacks its driver in a hook.
    testTimeout: 300_000,
    hookTimeout: 60_000,
    // Every test file that uses the GPU opens a device of its own; two cores gain nothing from more at once.
    fileParallelism: false,
    projects: [
      {
        extends: true,
        test: { name: "node", include: ["test/**/*.test.ts"], sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: {
          include: ["test/**/*.gpu.test.ts"],
          // After the project above, not beside it.
          sequence: { groupOrder: 2 },
          browser: {
            enabled: true,
            provider: puppeteer(),
            headless: true,
            screenshotFailures: false,
            instances: [{ browser: "chrome", name: "chrome" }],
          },
        },
      },
    ],
  },
});

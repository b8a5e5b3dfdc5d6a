import { defineConfig } from "vitest/config";
import { CHROME } from "./test/support/browser-tests.js";
import { puppeteer } from "./test/support/puppeteer-provider.js";
import { wgsl } from "./tools/wgsl-plugin.js";

/** Tests that need a GPU, or a software driver. */
const GPU = "test/**/*.gpu.test.ts";

/** Tests of what is built: the program and its commands, the package and its examples, the page. */
const BUILT = ["test/cli/*.test.ts", "test/web/*.test.ts"];

export default defineConfig({
  plugins: [wgsl()],
  test: {
    // Software drivers compile shaders slowly, and run them so; the first engine unpacks its driver in a hook.
    testTimeout: 300_000,
    hookTimeout: 60_000,
    // A software driver uses every core: two at once gain nothing.
    fileParallelism: false,
    // Files share modules, and with them a device and its compiled shaders.
    isolate: false,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          // On every core: no driver is used.
          fileParallelism: true,
          maxWorkers: "100%",
          include: ["test/**/*.test.ts"],
          exclude: [GPU, ...BUILT],
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { name: "node", include: [GPU], sequence: { groupOrder: 2 } },
      },
      {
        extends: true,
        test: {
          name: "built",
          include: BUILT,
          globalSetup: "test/support/global-setup.ts",
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          include: CHROME,
          sequence: { groupOrder: 4 },
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

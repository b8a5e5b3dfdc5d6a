import { defineConfig } from "vitest/config";
import { CHROME } from "./test/support/browser-tests.js";
import { puppeteer } from "./test/support/puppeteer-provider.js";
import { wgsl } from "./tools/shaders/wgsl-plugin.js";

/** Tests that need a GPU, or a software driver. */
const GPU = "test/**/*.gpu.test.ts";

/** Tests of what is built: the program and its commands, the package and its examples, the page. */
const BUILT = ["test/cli/*.test.ts", "test/web/*.test.ts"];

/** GPU tests that measure time. */
const TIMED_GPU = [
  "test/bench/operation-cost.gpu.test.ts",
  "test/bench/timing.gpu.test.ts",
  "test/pipeline/wrong-calls.gpu.test.ts",
  "test/upscale/abort.gpu.test.ts",
];

/** Tests of what is built that measure time, or send signals at a moment. */
const TIMED_BUILT = [
  "test/cli/signals.test.ts",
  "test/web/node-calls.test.ts",
  "test/web/page-awake.test.ts",
];

/** GPU tests that take long: `npm run test:all` runs them, `npm test` does not. */
const LONG_GPU = [
  "test/bench/compare.gpu.test.ts",
  "test/bench/page.gpu.test.ts",
  "test/bench/roofline.gpu.test.ts",
  "test/estimate/spectral/kinds-of-blur.gpu.test.ts",
  "test/model/guided/guided-network.gpu.test.ts",
  "test/pipeline/real-files.gpu.test.ts",
  "test/upscale/usrnet/usrnet.gpu.test.ts",
];

/** Tests of what is built that take long, likewise. */
const LONG_BUILT = [
  "test/cli/camera.test.ts",
  "test/cli/disks.test.ts",
  "test/cli/evaluate.test.ts",
  "test/cli/lost-devices.test.ts",
  "test/cli/spectral.test.ts",
  "test/cli/streams.test.ts",
  "test/cli/train*.test.ts",
  "test/web/deno.test.ts",
  "test/web/embedding.test.ts",
  "test/web/page*.test.ts",
  "test/web/sources.test.ts",
  "test/web/types.test.ts",
  "test/web/weights-cache.test.ts",
];

/**
 * Two files at once: compiling shaders, reading files and starting programs leave every other core idle. A software driver
 * uses every core for the rest, so more at once gain nothing.
 */
const TWO_AT_ONCE = { fileParallelism: true, maxWorkers: 2, sequence: { groupOrder: 2 } };

/** Alone, so that nothing else takes the time that they measure. */
const ALONE = { fileParallelism: false, maxWorkers: 1, sequence: { groupOrder: 3 } };

const globalSetup = "test/support/global-setup.ts";

export default defineConfig({
  plugins: [wgsl()],
  test: {
    // Software drivers compile shaders slowly, and run them so; the first engine unpacks its driver in a hook.
    testTimeout: 300_000,
    hookTimeout: 60_000,
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
        test: { name: "node", include: [GPU], exclude: [...TIMED_GPU, ...LONG_GPU], ...TWO_AT_ONCE },
      },
      { extends: true, test: { name: "node-long", include: LONG_GPU, ...TWO_AT_ONCE } },
      {
        extends: true,
        test: {
          name: "built",
          include: BUILT,
          exclude: [...TIMED_BUILT, ...LONG_BUILT],
          globalSetup,
          ...TWO_AT_ONCE,
        },
      },
      {
        extends: true,
        test: { name: "built-long", include: LONG_BUILT, exclude: TIMED_BUILT, globalSetup, ...TWO_AT_ONCE },
      },
      { extends: true, test: { name: "node-timed", include: TIMED_GPU, ...ALONE } },
      { extends: true, test: { name: "built-timed", include: TIMED_BUILT, globalSetup, ...ALONE } },
      {
        extends: true,
        test: {
          include: CHROME,
          // One page beside the two workers: it waits for its shaders most of the time.
          ...TWO_AT_ONCE,
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

import { defineConfig } from "vitest/config";
import { puppeteer } from "./test/support/puppeteer-provider.js";
import { wgsl } from "./tools/wgsl-plugin.js";

/** Tests that need a GPU, or a software driver. */
const GPU = "test/**/*.gpu.test.ts";

/** Tests of what is built: the program and its commands, the package and its examples, the page. */
const BUILT = ["test/cli/*.test.ts", "test/web/*.test.ts"];

/**
 * GPU tests that run in Chrome as well as in Node: where a browser can differ. It has a device, limits, features and
 * error messages of its own, another version of the shader compiler, and bounds checks that Node switches off on
 * software drivers. So every kind of operation is there once, with the tape, the errors and a whole adaptation. The
 * others run the same code on the same operations, and would tell nothing new.
 */
const CHROME = [
  // Device, errors and loss; tape, replay and profiler.
  "test/engine/errors.gpu.test.ts",
  "test/engine/recording/*.gpu.test.ts",
  // An operation of each kind: subgroups, workgroup memory, integers and random bits, many passes, offsets in uniforms.
  "test/engine/ops/linear-algebra/products.gpu.test.ts",
  "test/engine/ops/convolution/conv3x3.gpu.test.ts",
  "test/engine/ops/elementwise/gaussian-noise.gpu.test.ts",
  "test/engine/ops/fft/fft.gpu.test.ts",
  "test/engine/ops/normalization/normalized-layers.gpu.test.ts",
  "test/engine/ops/rearrange/rearrange.gpu.test.ts",
  "test/engine/optimizers/optimizers.gpu.test.ts",
  "test/model/losses/losses.gpu.test.ts",
  // Half precision, and a whole adaptation.
  "test/model/usrnet/half-precision.gpu.test.ts",
  "test/estimate/adaptation/adaptation.gpu.test.ts",
];

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

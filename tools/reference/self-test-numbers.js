/**
 * Writes src/estimate/self-test/self-test-numbers.ts: the kernels and losses of src/estimate/self-test/self-test.ts in
 * float64, computed by adaptation.py (which needs PyTorch) from the same weights and image.
 *
 *     node tools/reference/self-test-numbers.js     ($PYTHON names another Python)
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

const STEPS = 2;
const STRIDE = 7;
const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "self-test-"));
const file = (name) => join(folder, name);

/** The image in NumPy's format, [h, w, 3] of float32. */
function npy({ width, height, data }) {
  const head = `{'descr': '<f4', 'fortran_order': False, 'shape': (${height}, ${width}, 3), }`.padEnd(117);
  const pixels = Float32Array.from(data, (_, i) => data[(i % 3) * width * height + Math.floor(i / 3)]);
  return Buffer.concat([
    Buffer.from("\x93NUMPY\x01\x00\x76\x00", "latin1"),
    Buffer.from(`${head}\n`),
    new Uint8Array(pixels.buffer),
  ]);
}

/** Kernel and losses of the reference after a number of steps. */
function reference(steps) {
  const inputs = [
    "--weights",
    file("weights.safetensors"),
    "--image",
    file("image.npy"),
    "--patches",
    file("patches.json"),
  ];
  execFileSync(
    process.env.PYTHON ?? "python3",
    [
      join(root, "tools/reference/adaptation.py"),
      ...inputs,
      "--steps",
      `${steps}`,
      "--dtype",
      "f64",
      "--out",
      file("out.json"),
    ],
    { stdio: "inherit" },
  );
  return JSON.parse(readFileSync(file("out.json"), "utf8"));
}

// Loads TypeScript with its shaders, as the tests do.
const vite = await createServer({
  root,
  server: { middlewareMode: true },
  appType: "custom",
  logLevel: "error",
});
try {
  const load = (path) => vite.ssrLoadModule(join(root, path));
  const { selfTestImage, selfTestWeights } = await load("src/estimate/self-test/self-test.ts");
  const { serializeSafetensors } = await load("src/weights/safetensors.ts");
  const { METAKERNELGAN_LAYOUT } = await load("src/weights/layouts/network-layout.ts");
  const tensors = [...selfTestWeights()].map(([name, data]) => [
    name,
    { shape: METAKERNELGAN_LAYOUT.get(name), data },
  ]);
  writeFileSync(
    file("weights.safetensors"),
    serializeSafetensors({ tensors: new Map(tensors), metadata: {} }),
  );
  writeFileSync(file("image.npy"), npy(selfTestImage()));
  writeFileSync(file("patches.json"), JSON.stringify(Array.from({ length: STEPS }, () => [0, 0])));

  const runs = Array.from({ length: STEPS + 1 }, (_, steps) => reference(steps));
  const kernels = runs.map(({ kernel }) => kernel.flat().filter((_, i) => i % STRIDE === 0));
  const losses = runs[STEPS].losses.map(([adversarial, generator, discriminator]) => [
    adversarial,
    generator - adversarial,
    discriminator,
  ]);
  const rows = (table) =>
    table
      .map(
        (row) =>
          `  [${row
            .map((value) => value.toPrecision(9))
            .map(Number)
            .join(", ")}],`,
      )
      .join("\n");
  writeFileSync(
    join(root, "src/estimate/self-test/self-test-numbers.ts"),
    `/** Written by tools/reference/self-test-numbers.js: the self-test in float64. */

/** One value of a kernel in so many is kept, row by row. */
export const KERNEL_STRIDE = ${STRIDE};

/** Kernel after 0, 1, … steps. */
export const EXPECTED_KERNELS: readonly (readonly number[])[] = [
${rows(kernels)}
];

/** Losses of each step, before its updates. */
export const EXPECTED_LOSSES: readonly (readonly [adversarial: number, sumToOne: number, discriminator: number])[] = [
${rows(losses)}
];
`,
  );
} finally {
  await vite.close();
  rmSync(folder, { recursive: true });
}

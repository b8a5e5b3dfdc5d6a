import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** In the place of `import.meta.url` and file names that bundlers look for. */
const MODELS = "__PACKAGED_MODELS__";
const WORKER = "__WORKER__";

/** Names of the weights that pages may ask for, if they are there. */
const NAMES = ["small-x2", "small-x4", "spectral-x2", "spectral-x4", "usrnet"];

/** The object that stands in the place of `__PACKAGED_MODELS__`, as code; see `embed/packaged-models.ts`. */
export function packagedModelsCode(): string {
  const entries = NAMES.flatMap((name) => {
    const path = fileURLToPath(new URL(`../../models/${name}.safetensors`, import.meta.url));
    if (!existsSync(path)) return [];
    const file = readFileSync(path);
    const sha256 = createHash("sha256").update(file).digest("hex").slice(0, 32);
    const url = `() => new URL("../models/${name}.safetensors", import.meta.url)`;
    return [`"${name}": { url: ${url}, bytes: ${file.length}, sha256: "${sha256}" }`];
  });
  return `{ ${entries.join(", ")} }`;
}

/** The function that stands in the place of `__WORKER__`, as code; see `embed/worker/worker-upscaler.ts`. */
function workerCode(thread: string): string {
  return `(() => new Worker(new URL("./${thread}", import.meta.url), { type: "module" }))`;
}

/**
 * Vite plugin: puts the addresses of the packaged weights and of the worker into chunks that lie in `dist/`, when they are
 * written: earlier, Vite would take them for files of its own.
 * @param thread name of the worker's file.
 */
export function packagedFiles(thread: string): Plugin {
  return {
    name: "packaged-files",
    renderChunk: (code) => {
      if (!code.includes(MODELS) && !code.includes(WORKER)) return null;
      const filled = code.replaceAll(MODELS, packagedModelsCode).replaceAll(WORKER, () => workerCode(thread));
      return { code: filled, map: null };
    },
  };
}

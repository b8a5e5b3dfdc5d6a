import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** In the place of `import.meta.url` and file names that bundlers look for. */
const MODELS = "__PACKAGED_MODELS__";

/** Names of the weights that pages may ask for, if they are there. */
const NAMES = ["small-x2", "small-x4", "spectral-x2", "spectral-x4", "usrnet"];

/** The object that stands in the place of `__PACKAGED_MODELS__`, as code; see `embed/packaged-models.ts`. */
export function packagedModelsCode(): string {
  const entries = NAMES.flatMap((name) => {
    const path = fileURLToPath(new URL(`../models/${name}.safetensors`, import.meta.url));
    if (!existsSync(path)) return [];
    const file = readFileSync(path);
    const sha256 = createHash("sha256").update(file).digest("hex");
    const url = `new URL("../models/${name}.safetensors", import.meta.url)`;
    return [`"${name}": { url: ${url}, bytes: ${file.length}, sha256: "${sha256}" }`];
  });
  return `{ ${entries.join(", ")} }`;
}

/** Vite plugin: lists the packaged weights in chunks that lie in `dist/`. */
export function packagedModels(): Plugin {
  return {
    name: "packaged-models",
    renderChunk: (code) =>
      code.includes(MODELS) ? { code: code.replaceAll(MODELS, packagedModelsCode()), map: null } : null,
  };
}

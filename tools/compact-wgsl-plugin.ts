import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { compactWgsl } from "./compact-wgsl.js";

/** Id of the module that holds all shaders. */
const TOGETHER = "\0shaders";

const SHADERS = fileURLToPath(new URL("../src/shaders", import.meta.url));

const READER = fileURLToPath(new URL("read-shader.ts", import.meta.url));

export interface CompactOptions {
  /** Names of shaders that the product never runs, though its operations could: they are left out. */
  readonly without?: readonly string[];
}

/**
 * Vite plugin: `import shader from "./x.wgsl"` gives a {@link Shader}, as small as can be. The shaders lie side by side in one module,
 * since a compressor looks for likenesses only nearby; those that nothing imports are left out of a bundle.
 */
export function compactShaders({ without = [] }: CompactOptions = {}): Plugin {
  return {
    name: "compact-wgsl",
    enforce: "pre",
    resolveId: (id) => (id === TOGETHER ? id : null),
    async load(id) {
      if (id === TOGETHER) {
        const files = (await readdir(SHADERS, { recursive: true })).filter((file) => file.endsWith(".wgsl"));
        for (const file of files) this.addWatchFile(join(SHADERS, file));
        return { code: await moduleOf(files.sort(), without), map: null, moduleType: "js" };
      }
      const path = id.split("?")[0] ?? id;
      if (!path.endsWith(".wgsl")) return null;
      const source = JSON.stringify(TOGETHER);
      return { code: `export { ${nameOf(path)} as default } from ${source};`, map: null, moduleType: "js" };
    },
  };
}

async function moduleOf(files: readonly string[], without: readonly string[]): Promise<string> {
  const shaders = files.map(async (file) => {
    const name = nameOf(file);
    const code = without.includes(name) ? "" : compactWgsl(await readFile(join(SHADERS, file), "utf8"));
    const text = JSON.stringify(code);
    return `export const ${name} = /* @__PURE__ */ readShader("${name}", ${text});`;
  });
  return [`import { readShader } from ${JSON.stringify(READER)};`, ...(await Promise.all(shaders))].join(
    "\n",
  );
}

function nameOf(path: string): string {
  return basename(path, ".wgsl");
}

import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { compactWgsl } from "./compact-wgsl.js";

/** What the module of a folder's shaders is called. */
const TOGETHER = "\0shaders:";

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
    resolveId: (id) => (id.startsWith(TOGETHER) ? id : null),
    async load(id) {
      if (id.startsWith(TOGETHER)) {
        const folder = id.slice(TOGETHER.length);
        const files = (await readdir(folder)).filter((file) => file.endsWith(".wgsl")).sort();
        for (const file of files) this.addWatchFile(join(folder, file));
        return { code: await moduleOf(folder, files, without), map: null, moduleType: "js" };
      }
      const path = id.split("?")[0] ?? id;
      if (!path.endsWith(".wgsl")) return null;
      const source = JSON.stringify(TOGETHER + dirname(path));
      return { code: `export { ${nameOf(path)} as default } from ${source};`, map: null, moduleType: "js" };
    },
  };
}

async function moduleOf(
  folder: string,
  files: readonly string[],
  without: readonly string[],
): Promise<string> {
  const shaders = files.map(async (file) => {
    const name = nameOf(file);
    const code = without.includes(name) ? "" : compactWgsl(await readFile(join(folder, file), "utf8"));
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

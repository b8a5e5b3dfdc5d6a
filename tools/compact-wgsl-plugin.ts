import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { abbreviate, compactWgsl } from "./compact-wgsl.js";
import { orderByLikeness } from "./order-by-likeness.js";
import { listShaders, readShaderText } from "./wgsl-includes.js";

/** Id of the module that holds all shaders. */
const TOGETHER = "\0shaders";

const SHADERS = fileURLToPath(new URL("../src/shaders", import.meta.url));

const READER = fileURLToPath(new URL("read-shader.ts", import.meta.url));

export interface CompactOptions {
  /** Names of shaders that the product never runs, though its operations could: they are left out. */
  readonly without?: readonly string[];
}

/**
 * Vite plugin: `import shader from "./x.wgsl"` gives a {@link Shader}, as small as can be. The shaders lie
 * side by side in one module, like beside like, because a compressor finds repetitions only nearby; a bundle leaves
 * out those that nothing imports.
 */
export function compactShaders({ without = [] }: CompactOptions = {}): Plugin {
  return {
    name: "compact-wgsl",
    enforce: "pre",
    resolveId: (id) => (id === TOGETHER ? id : null),
    load(id) {
      if (id === TOGETHER) {
        const shaders = listShaders(SHADERS).map((file) => {
          const { code, files } = readShaderText(join(SHADERS, file));
          for (const path of files) this.addWatchFile(path);
          const name = nameOf(file);
          if (without.includes(name)) return `export const ${name} = undefined;`;
          return declaration(name, abbreviate(compactWgsl(code)));
        });
        const ordered = orderByLikeness(shaders).map((i) => shaders[i]);
        const code = [`import { readShader } from ${JSON.stringify(READER)};`, ...ordered].join("\n");
        return { code, map: null, moduleType: "js" };
      }
      const path = id.split("?")[0] ?? id;
      if (!path.endsWith(".wgsl")) return null;
      const source = JSON.stringify(TOGETHER);
      return { code: `export { ${nameOf(path)} as default } from ${source};`, map: null, moduleType: "js" };
    },
  };
}

function declaration(name: string, code: string): string {
  return `export const ${name} = /* @__PURE__ */ readShader("${name}", ${JSON.stringify(code)});`;
}

function nameOf(path: string): string {
  return basename(path, ".wgsl");
}

import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { abbreviate, compactWgsl } from "./compact-wgsl.js";
import { orderByLikeness } from "./order-by-likeness.js";
import { renameKeys, renameWords, shortOverrides } from "./short-overrides.js";
import { listShaders, readShaderText } from "./wgsl-includes.js";

/** Id of the module that holds all shaders. */
const TOGETHER = "\0shaders";

const SHADERS = fileURLToPath(new URL("../../src/shaders", import.meta.url));

const READER = fileURLToPath(new URL("read-shader.ts", import.meta.url));

export interface CompactOptions {
  /** Names of shaders that the product never runs, though its operations could: they are left out. */
  readonly without?: readonly string[];
  /** Whether override constants get short names, in shaders and program. */
  readonly shortenOverrides?: boolean;
  /** Those that keep their names, since shaders of other programs have them, too. */
  readonly publicOverrides?: readonly string[];
}

/**
 * Vite plugin: `import shader from "./x.wgsl"` gives a {@link Shader}, as small as can be. The shaders lie
 * side by side in one module, like beside like, because a compressor finds repetitions only nearby; a bundle leaves
 * out those that nothing imports.
 */
export function compactShaders({
  without = [],
  shortenOverrides = false,
  publicOverrides = [],
}: CompactOptions = {}): Plugin {
  const read = () => {
    const shaders = listShaders(SHADERS).map((file) => ({ file, ...readShaderText(join(SHADERS, file)) }));
    return shaders.map((shader) => ({
      ...shader,
      name: nameOf(shader.file),
      code: compactWgsl(shader.code),
    }));
  };
  let overrides: ReadonlyMap<string, string> = new Map();
  return {
    name: "compact-wgsl",
    enforce: "pre",
    buildStart() {
      if (shortenOverrides)
        overrides = shortOverrides(
          read().map(({ code }) => code),
          publicOverrides,
        );
    },
    transform: {
      // After types are gone.
      order: "post",
      handler(code, id) {
        if (overrides.size === 0 || !/\/src\/.*\.ts$/.test(id)) return null;
        return { code: renameKeys(code, this.parse(code), overrides), map: null };
      },
    },
    resolveId: (id) => (id === TOGETHER ? id : null),
    load(id) {
      if (id === TOGETHER) {
        const shaders = read().map(({ name, code, files }) => {
          for (const path of files) this.addWatchFile(path);
          if (without.includes(name)) return `export const ${name} = undefined;`;
          return declaration(name, abbreviate(renameWords(code, overrides)));
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

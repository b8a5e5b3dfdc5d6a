import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Plugin } from "vite";
import { ResourceType, WgslReflect } from "wgsl_reflect/wgsl_reflect.module.js";
import type { Shader } from "../src/engine/device/shader.js";

/**
 * Reads a WGSL module's interface from the shader itself: its bindings, override constants and storage types.
 * It runs when the project is built, so that neither the parser nor its weight is in the product.
 */
export function reflectShader(name: string, code: string): Shader {
  const reflection = new WgslReflect(code);
  const bindings = reflection
    .getBindGroups()
    .flat()
    .filter((resource) => resource !== undefined)
    .map((resource) => ({
      name: resource.name,
      binding: resource.binding,
      access:
        resource.resourceType === ResourceType.Uniform
          ? ("uniform" as const)
          : resource.access === "read_write"
            ? ("read_write" as const)
            : ("read" as const),
    }));
  const overrides = reflection.overrides.map((override) => override.name);
  const aliases = [...code.matchAll(/^alias (\w+) = f32;$/gm)].map(([, alias]) => alias as string);
  const entryPoint = reflection.entry.compute[0]?.name;
  if (!entryPoint) throw new Error(`${name}: no @compute entry point.`);
  return { name, code, entryPoint, bindings, overrides, aliases };
}

/** Vite plugin: `import shader from "./x.wgsl"` gives a {@link Shader}. */
export function wgsl(): Plugin {
  return {
    name: "wgsl",
    enforce: "pre",
    async load(id) {
      const path = id.split("?")[0] ?? id;
      if (!path.endsWith(".wgsl")) return null;
      const shader = reflectShader(basename(path, ".wgsl"), await readFile(path, "utf8"));
      return { code: `export default ${JSON.stringify(shader)};`, map: null, moduleType: "js" };
    },
  };
}

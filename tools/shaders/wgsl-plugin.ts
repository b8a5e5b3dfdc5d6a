import { basename } from "node:path";
import type { Plugin } from "vite";
import { ResourceType, WgslReflect } from "wgsl_reflect/wgsl_reflect.module.js";
import type { Shader } from "../../src/engine/device/shader.js";
import { elementType } from "./element-type.js";
import { readShaderText } from "./wgsl-includes.js";

/** Reads a shader and its interface from its file, and from the files that it includes. */
export function shaderFrom(path: string): Shader {
  const { code, sources } = readShaderText(path);
  return { ...reflectShader(basename(path, ".wgsl"), code), ...(sources && { sources }) };
}

/**
 * Reads the interface of a WGSL module from its text: bindings, override constants and storage types. This
 * runs when the project is built, so that the product carries no parser.
 */
export function reflectShader(name: string, code: string): Shader {
  const reflection = new WgslReflect(code);
  const names = (pattern: RegExp): string[] => [...code.matchAll(pattern)].map(([, name]) => name as string);
  const aliases = names(/^alias (\w+) = f32;$/gm);
  const text = code.replace(/\/\/.*/g, "");
  const typeOf = (binding: string): string =>
    new RegExp(`var<(?:storage|uniform)[^>]*> *${binding}: *([^;]+)`).exec(text)?.[1] as string;
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
      type: elementType(typeOf(resource.name), aliases),
    }));
  const overrides = reflection.overrides.map((override) => override.name);
  const required = names(/^override (\w+): *\w+;/gm);
  const entryPoint = reflection.entry.compute[0]?.name;
  if (!entryPoint) throw new Error(`${name}: no @compute entry point.`);
  return { name, code, entryPoint, bindings, overrides, required, aliases };
}

/** Vite plugin: `import shader from "./x.wgsl"` gives a {@link Shader}. */
export function wgsl(): Plugin {
  return {
    name: "wgsl",
    enforce: "pre",
    load(id) {
      const path = id.split("?")[0] ?? id;
      if (!path.endsWith(".wgsl")) return null;
      for (const file of readShaderText(path).files) this.addWatchFile(file);
      return { code: `export default ${JSON.stringify(shaderFrom(path))};`, map: null, moduleType: "js" };
    },
  };
}

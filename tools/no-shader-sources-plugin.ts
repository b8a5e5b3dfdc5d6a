import type { Plugin } from "vite";

const MODULE = "/src/engine/device/shader-source.ts";

/** Vite plugin: the page's own shaders are all imported, so it leaves out the reader of WGSL text. */
export function noShaderSources(): Plugin {
  return {
    name: "no-shader-sources",
    load: (id) =>
      id.endsWith(MODULE) ? { code: "export const toShader = (shader) => shader;", map: null } : null,
  };
}

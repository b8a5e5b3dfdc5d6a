import type { BindingAccess } from "../src/engine/device/shader.js";

/**
 * Reads a shader's interface off its compacted text, in a browser: that takes less room than to bring it
 * along.
 */
export function readShader(name: string, code: string) {
  const all = (pattern: RegExp): string[] => [...code.matchAll(pattern)].map(([, found]) => found as string);
  const bindings = [...code.matchAll(/@binding\((\d+)\)var<(\w+),?(\w*)>(\w+)/g)];
  return {
    name,
    code,
    entryPoint: all(/@compute.*?fn (\w+)/g)[0] as string,
    bindings: bindings.map(([, binding, space, access, name]) => ({
      name: name as string,
      binding: Number(binding),
      access: (access || (space === "uniform" ? space : "read")) as BindingAccess,
    })),
    overrides: all(/override (\w+)/g),
    required: all(/override (\w+):\w+;/g),
    aliases: all(/alias (\w+) = f32;/g),
  };
}

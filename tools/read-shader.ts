import type { ShaderBinding } from "../src/engine/device/shader.js";
import { elementType } from "./element-type.js";

/**
 * Reads a compacted shader in a browser, and its interface off its text: that takes less room than to bring the
 * interface along. Its bindings are abbreviated, see `abbreviateBindings`.
 */
export function readShader(name: string, text: string) {
  const bindings: ShaderBinding[] = [];
  const all = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found]) => found as string);
  const aliases = all(/alias (\w+) = f32;/g);
  const code = text.replace(
    /@(@?)(?=(\w+):([^;]+))/g,
    (_, written: string, binding: string, type: string) => {
      const access = written ? "read_write" : "read";
      const declaration = `@group(0)@binding(${bindings.length})var<storage,${access}>`;
      bindings.push({ name: binding, binding: bindings.length, access, type: elementType(type, aliases) });
      return declaration;
    },
  );
  return {
    name,
    code,
    entryPoint: all(/@compute.*?fn (\w+)/g)[0] as string,
    bindings,
    overrides: all(/override (\w+)/g),
    required: all(/override (\w+):\w+;/g),
    aliases,
  };
}

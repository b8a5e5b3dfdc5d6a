import type { ShaderBinding } from "../../src/engine/device/shader.js";
import { elementType } from "./element-type.js";

/** Characters that no shader has, and the words for which they stand in a compacted one: a compressor finds them cheaper. */
export const WORDS: Readonly<Record<string, string>> = {
  "#": "subgroupBroadcast(",
  $: "=vec4f();var ",
  "?": "let ",
  "~": "override ",
  V: "vec4",
  Q: ":u32",
  "'": "for(var ",
  '"': ":array<",
};

/**
 * Reads a compacted shader in a browser, and its interface off its text: that takes less room than to bring the
 * interface along. It is abbreviated, see `abbreviate`.
 */
export function readShader(name: string, text: string) {
  const bindings: ShaderBinding[] = [];
  const words = text.replace(/[#$?V~Q'"]/g, (character) => WORDS[character]);
  const all = (pattern: RegExp): string[] => [...words.matchAll(pattern)].map(([, found]) => found as string);
  const aliases = all(/alias (\w+) = f32;/g);
  const code = words.replace(
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
    entryPoint: "main",
    bindings,
    overrides: all(/override (\w+)/g),
    required: all(/override (\w+):\w+;/g),
    aliases,
  };
}

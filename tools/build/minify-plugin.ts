import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type MinifyOptions, minify } from "terser";
import type { Plugin } from "vite";
import { ownNames, withoutUnusedMethods, wordsOf } from "./own-names.js";

const SOURCES = fileURLToPath(new URL("../../src", import.meta.url));
const MODELS = fileURLToPath(new URL("../../models", import.meta.url));

/** Types of what the page writes as JSON, beside the files that do so. */
const JSON_TYPES = ["web/shared/run-file.ts", "engine/device/adapter.ts"];

const COMMENT = /\/\*[\s\S]*?\*\//g;

/** What finds more than the bundler's own minifier, in a module of today's browsers. */
const AGAIN: MinifyOptions = {
  module: true,
  compress: { passes: 3, ecma: 2020, unsafe_arrows: true, pure_getters: true },
  format: { ecma: 2020 },
};

/** Vite plugin: a second minifier for files that other programs use as they are; members keep their names. */
export function minifySingle(): Plugin {
  return {
    name: "minify-single",
    enforce: "post",
    async generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === "chunk") file.code = (await minify(file.code, AGAIN)).code ?? file.code;
      }
    },
  };
}

/**
 * Vite plugin: a second minifier for the page, which finds what the bundler's own leaves. It knows that no other program uses the
 * page's classes and objects: it leaves out methods that nothing calls, and gives members and keys short names.
 */
export function minifyAgain(): Plugin {
  return {
    name: "minify-again",
    enforce: "post",
    async generateBundle(_, bundle) {
      const foreign = foreignNames();
      for (const file of Object.values(bundle)) {
        if (file.type !== "chunk") continue;
        const parse = (text: string): unknown => this.parse(text);
        const used = withoutUnusedMethods(file.code, parse, foreign);
        const names = ownNames(parse(used), foreign);
        const { code } = await minify(used, {
          ...AGAIN,
          mangle: { properties: { regex: new RegExp(`^(${names.map(escaped).join("|")})$`) } },
        });
        file.code = code ?? file.code;
      }
    },
  };
}

/**
 * Names that others know: of the platform, of the page's HTML, in the headers of weights, and in files that read or write JSON, or say
 * what the page's JSON holds.
 */
function foreignNames(): Set<string> {
  const { resolve } = createRequire(import.meta.url);
  const library = dirname(resolve("typescript-5.4"));
  const declarations = readdirSync(library).filter((name) => /^lib\..*d\.ts$/.test(name));
  const sources = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|html)$/.test(name))
    .map((name) => ({ name, text: readFileSync(join(SOURCES, name), "utf8") }))
    .filter(({ name, text }) => /\bJSON\.|<html/.test(text) || JSON_TYPES.includes(name))
    .map(({ text }) => text);
  const platform = [
    ...declarations.map((name) => join(library, name)),
    resolve("@webgpu/types/dist/index.d.ts"),
  ];
  const headers = readdirSync(MODELS).filter((name) => name.endsWith(".safetensors"));
  const texts = [
    ...sources,
    ...platform.map((path) => readFileSync(path, "utf8")),
    ...headers.map((name) => namesIn(readFileSync(join(MODELS, name)))),
  ];
  return new Set(texts.flatMap((text) => wordsOf(text.replace(COMMENT, ""))));
}

/** The names in the JSON at the beginning of a `.safetensors` file: of its tensors and of its metadata, and values that are a word. */
function namesIn(file: Buffer): string {
  const { __metadata__: metadata, ...tensors } = JSON.parse(
    file.toString("utf8", 8, 8 + Number(file.readBigUInt64LE())),
  );
  const values = Object.values<string>(metadata).filter((value) => !value.includes(" "));
  return [...Object.keys(tensors), ...Object.keys(metadata), ...values].join(" ");
}

/** A name as a part of a regular expression. */
function escaped(name: string): string {
  return name.replaceAll("$", "\\$");
}

import type { Plugin } from "vite";

/** A thrown shape error: its operation, then the texts and tensors up to the statement's end. */
const THROWN = /throw shapeError\(\s*("\w+"),[\s\S]*?\);\n/g;

/** How its text is put together. */
const TEXT = /const shapes = .*;\n\s*return .*;/;

/**
 * Vite plugin: shape errors name only the operation. A page that records fixed networks never throws one, and their
 * texts would be a fiftieth of its code.
 */
export function briefShapeErrors(): Plugin {
  return {
    name: "brief-shape-errors",
    enforce: "pre",
    transform(code, id) {
      if (id.endsWith("/ops/shape-error.ts")) {
        if (!TEXT.test(code)) throw new Error("brief-shape-errors does not know the text of shape errors.");
        return { code: code.replace(TEXT, "return new ShapeError(operation);"), map: null };
      }
      if (!id.endsWith(".ts") || !code.includes("throw shapeError(")) return null;
      return { code: code.replace(THROWN, "throw shapeError($1);\n"), map: null };
    },
  };
}

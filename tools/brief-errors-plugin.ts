import type { Plugin } from "vite";

/**
 * Errors whose texts the page never shows: it has words of its own for some (`web/worker/failure.ts`), and never causes the
 * others, which are a programmer's mistakes.
 */
const KINDS = [
  "BindingError",
  "DeviceLostError",
  "EstimateError",
  "FeatureError",
  "KernelError",
  "NoAdapterError",
  "OutOfMemoryError",
  "ShapeError",
  "StepRangeError",
  "WeightsError",
];

/** Files with errors of other kinds that are a programmer's mistakes, too. */
const MISUSE =
  /\/src\/engine\/(recording|ops|tensors)\/|\/assert-(device|rgb-image|upscale-options)\.ts$|\/disposal\.ts$/;

/** How the text of a shape error is put together. */
const SHAPES = /const shapes = .*;\n\s*return .*;/;

/** A part of a file's text. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** A call, or the making of an object, in a syntax tree. */
interface Call extends Range {
  readonly type: "CallExpression" | "NewExpression";
  readonly callee: { readonly name?: string };
  readonly arguments: readonly Range[];
}

/**
 * Vite plugin: errors without the texts that nobody reads there. They are a twentieth of the page's code. Shape errors
 * still name their operation.
 */
export function briefErrors(): Plugin {
  return {
    name: "brief-errors",
    transform(code, id) {
      if (id.endsWith("/ops/shape-error.ts")) {
        if (!SHAPES.test(code)) throw new Error("brief-errors does not know the text of shape errors.");
        return { code: code.replace(SHAPES, "return new ShapeError(operation);"), map: null };
      }
      if (!/\/src\/.*\.ts$/.test(id) || id.includes("/src/web/")) return null;
      const texts: Range[] = [];
      const kinds = MISUSE.test(id) ? [...KINDS, "EngineError", "ImageError", "UpscaleError"] : KINDS;
      for (const { type, callee, arguments: given } of calls(this.parse(code))) {
        const [first, last] = [given[0], given.at(-1)];
        if (!first || !last || !callee.name) continue;
        if (type === "NewExpression" && kinds.includes(callee.name))
          texts.push({ start: first.start, end: last.end });
        if (callee.name === "shapeError") texts.push({ start: first.end, end: last.end });
      }
      const brief = texts
        .sort((a, b) => b.start - a.start)
        .reduce((text, { start, end }) => text.slice(0, start) + text.slice(end), code);
      return { code: brief, map: null };
    },
  };
}

/** All calls in a syntax tree. */
function calls(node: unknown): Call[] {
  if (typeof node !== "object" || node === null) return [];
  const inner = Object.values(node).flatMap(calls);
  const isCall = "type" in node && (node.type === "CallExpression" || node.type === "NewExpression");
  return isCall ? [node as Call, ...inner] : inner;
}

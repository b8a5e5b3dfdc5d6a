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
  "LayoutError",
  "NoAdapterError",
  "OutOfMemoryError",
  "ShapeError",
  "StepRangeError",
  "WeightsError",
];

/** Errors that only a programmer can cause: the page, whose code is tested with them, leaves out their checks, too. */
const ASSERTIONS = ["BindingError", "ShapeError", "shapeError"];

/** Methods that give a tensor a name, by the place of that argument: only errors' texts and debuggers show it. */
const NAMING: Readonly<Record<string, number>> = { tensor: 1, constant: 1, take: 1, view: 2 };

/** Files whose tensors have names. */
const TENSORS = /\/src\/(engine|model|estimate|upscale|kernel)\//;

/** Errors of other kinds, and files in which they are a programmer's mistakes, too, or ruled out by `upscalePhoto` and the page. */
const MISUSED = ["EngineError", "ImageError", "UpscaleError"];
const MISUSE =
  /\/src\/engine\/(recording|ops|tensors)\/|\/assert-(device|has-detail|rgb-image|upscale-options)\.ts$|\/disposal\.ts$|\/(degrade|image-data|pad-circular|parameters|rgb-image|sample-patches|spectral\/windows)\.ts$|\/(adaptation\/estimate|tiles\/upscale-in-tiles)\.ts$/;

/** How the text of a shape error is put together. */
const SHAPES = /const shapes = .*;\n\s*return .*;/;

/** A part of a file's text. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** A part that is left out. */
interface Omission extends Range {
  readonly instead?: string;
}

/** An `if` in a syntax tree. */
interface Condition extends Range {
  readonly type: "IfStatement";
  readonly consequent: Statement;
  readonly alternate: unknown;
}

type Statement =
  | { readonly type: "BlockStatement"; readonly body: readonly Statement[] }
  | { readonly type: "ThrowStatement"; readonly argument: Call };

/** A call, or the making of an object, in a syntax tree. */
interface Call extends Range {
  readonly type: "CallExpression" | "NewExpression";
  readonly callee: { readonly name?: string; readonly property?: { readonly name?: string } };
  readonly arguments: readonly Expression[];
}

interface Expression extends Range {
  readonly type: string;
  /** Of a literal. */
  readonly value?: unknown;
}

/** A property of an object in a syntax tree. */
interface Property {
  readonly type: "Property";
  readonly key: { readonly name?: string };
  readonly value: Expression;
}

/**
 * Vite plugin: errors without the texts that nobody reads there, no checks of {@link ASSERTIONS} and no names of tensors. They are a twentieth
 * of the page's code. Shape errors that are left still name their operation.
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
      const texts: Omission[] = [];
      const tree = this.parse(code);
      const misused = MISUSE.test(id) ? MISUSED : [];
      for (const { start, end } of nodes<Condition>(tree, "IfStatement").filter((condition) =>
        isAssertion(condition, [...ASSERTIONS, ...misused]),
      )) {
        texts.push({ start, end, instead: ";" });
      }
      if (TENSORS.test(id)) texts.push(...names(tree));
      const kinds = [...KINDS, ...misused];
      for (const { type, callee, arguments: given } of nodes<Call>(tree, "CallExpression", "NewExpression")) {
        const [first, last] = [given[0], given.at(-1)];
        if (!first || !last || !callee.name) continue;
        if (type === "NewExpression" && kinds.includes(callee.name))
          texts.push({ start: first.start, end: last.end });
        if (callee.name === "shapeError") texts.push({ start: first.end, end: last.end });
      }
      // The outermost first: what a check contains goes with it.
      texts.sort((a, b) => a.start - b.start || b.end - a.end);
      const outer = texts.filter(({ start }, i) => texts.slice(0, i).every(({ end }) => end <= start));
      const brief = outer.reduceRight(
        (text, { start, end, instead = "" }) => text.slice(0, start) + instead + text.slice(end),
        code,
      );
      return { code: brief, map: null };
    },
  };
}

/** Whether a check only throws an error of some kinds. */
function isAssertion({ consequent, alternate }: Condition, kinds: readonly string[]): boolean {
  const [only, ...more] = consequent.type === "BlockStatement" ? consequent.body : [consequent];
  if (alternate || more.length > 0 || only?.type !== "ThrowStatement") return false;
  return kinds.includes(only.argument.callee?.name ?? "");
}

/** The names that are written out for tensors. */
function names(tree: unknown): Omission[] {
  const given = nodes<Call>(tree, "CallExpression").flatMap(({ callee, arguments: all }) => {
    const name = all[NAMING[callee.property?.name ?? ""] ?? all.length];
    return name && isText(name) ? [name] : [];
  });
  const labels = nodes<Property>(tree, "Property").flatMap(({ key, value }) =>
    key.name === "label" && isText(value) ? [value] : [],
  );
  return [...given, ...labels].map(({ start, end }) => ({ start, end, instead: "undefined" }));
}

function isText({ type, value }: Expression): boolean {
  return type === "TemplateLiteral" || (type === "Literal" && typeof value === "string");
}

/** All nodes of some types in a syntax tree. */
function nodes<Node extends { readonly type: string }>(tree: unknown, ...types: Node["type"][]): Node[] {
  if (typeof tree !== "object" || tree === null) return [];
  const inner = Object.values(tree).flatMap((child) => nodes<Node>(child, ...types));
  return "type" in tree && types.includes(tree.type as string) ? [tree as Node, ...inner] : inner;
}

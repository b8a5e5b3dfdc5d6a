import type { Plugin } from "vite";

/** A node of a syntax tree, as far as it is looked at here. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly callee?: { readonly property?: { readonly name?: string } };
  readonly arguments?: readonly Node[];
}

/** Stands for a gradient that is left out; an error says so if it is needed after all. */
const LEFT_OUT = '() => { throw new Error("this gradient is left out of the page"); }';

/**
 * Vite plugin: leaves out gradients that the product never needs, and with them the code that only they use. It replaces the
 * last argument of `tape.differentiable(…)`.
 * @param files ends of the paths of operations, such as `ops/rearrange/crop.ts`.
 */
export function withoutGradients(files: readonly string[]): Plugin {
  return {
    name: "without-gradients",
    enforce: "post",
    transform(code, id) {
      if (!files.some((file) => id.endsWith(file))) return null;
      const gradients = calls(this.parse(code) as unknown as Node).map(
        (call) => call.arguments?.at(-1) as Node,
      );
      if (gradients.length === 0) this.error(`${id} has no gradient to leave out.`);
      let result = code;
      for (const { start, end } of gradients.toSorted((a, b) => b.start - a.start)) {
        result = result.slice(0, start) + LEFT_OUT + result.slice(end);
      }
      return { code: result, map: null };
    },
  };
}

/** The calls of `differentiable` in a tree. */
function calls(node: Node): Node[] {
  if (node.type === "CallExpression" && node.callee?.property?.name === "differentiable") return [node];
  return Object.values(node)
    .flat()
    .filter((child): child is Node => typeof child?.type === "string")
    .flatMap(calls);
}

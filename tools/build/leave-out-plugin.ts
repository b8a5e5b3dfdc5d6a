import type { Plugin } from "vite";

/** What is left of a function that is never called. */
const LEFT = '{ throw Error("left out"); }';

/** A function's declaration in a syntax tree, alone or exported. */
interface Statement {
  readonly type: string;
  readonly declaration?: Statement | null;
  readonly id?: { readonly name: string };
  readonly body?: { readonly start: number; readonly end: number };
}

/**
 * Vite plugin: leaves out the bodies of functions that the product never calls, though code that it shares with others could.
 * @param functions names of functions, by the end of their file's path.
 * @param body what stands for their bodies: an error, unless they are called and give nothing, such as checks that never fail.
 */
export function leaveOut(functions: Readonly<Record<string, readonly string[]>>, body = LEFT): Plugin {
  const left = new Set<string>();
  return {
    name: "leave-out",
    transform: {
      // After types are gone.
      order: "post",
      handler(code, id) {
        const path = Object.keys(functions).find((end) => id.endsWith(end));
        if (path === undefined) return null;
        const statements = this.parse(code).body as readonly Statement[];
        const bodies = statements.flatMap((statement) => {
          const { type, id: named, body: whole } = statement.declaration ?? statement;
          const name = named?.name ?? "";
          if (type !== "FunctionDeclaration" || !whole || !functions[path].includes(name)) return [];
          left.add(`${path} ${name}`);
          return [whole];
        });
        const shorter = bodies.reduceRight(
          (text, { start, end }) => text.slice(0, start) + body + text.slice(end),
          code,
        );
        return { code: shorter, map: null };
      },
    },
    buildEnd(error) {
      if (error) return;
      for (const [path, names] of Object.entries(functions)) {
        const missing = names.find((name) => !left.has(`${path} ${name}`));
        if (missing) this.error(`leave-out finds no function ${missing} in ${path}.`);
      }
    },
  };
}

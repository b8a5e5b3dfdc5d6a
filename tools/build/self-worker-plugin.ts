import type { Plugin } from "vite";

/** How the page's code names the file in which it lies. */
const OWN_ADDRESS = "import.meta.url";

/**
 * Vite plugin: the page's only file holds its code as a function, and makes its own text the file that `import.meta.url` names.
 * So a worker from that address runs the same code, no second request fetches it, and the page's content security policy holds in
 * the worker, because its script is a blob of the page.
 */
export function selfWorker(): Plugin {
  return {
    name: "self-worker",
    renderChunk(code, { fileName, exports, imports, dynamicImports }) {
      if (exports.length + imports.length + dynamicImports.length > 0)
        throw new Error(`${fileName} is not the page's only code, which a function could hold.`);
      return { code: ownWorker(code), map: null };
    },
  };
}

/**
 * A program whose `import.meta.url` names its own code, for a worker.
 * @param code of a module without imports and exports.
 */
export function ownWorker(code: string): string {
  const body = code.replaceAll(OWN_ADDRESS, "address");
  return `const run = (address) => {\n${body}\n};
run(URL.createObjectURL(new Blob(["(" + run + ")()"], { type: "text/javascript" })));`;
}

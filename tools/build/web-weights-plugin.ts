import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** Vite plugin: serves the named weights of a folder, if they exist, beside the page under `weights/`. */
export function webWeights(folder: string, names: readonly string[]): Plugin {
  const present = (): string[] => names.filter((name) => existsSync(join(folder, name)));
  return {
    name: "web-weights",
    generateBundle() {
      for (const name of present()) {
        this.emitFile({
          type: "asset",
          fileName: `weights/${name}`,
          source: readFileSync(join(folder, name)),
        });
      }
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const name = present().find((known) => request.url?.split("?")[0]?.endsWith(`/weights/${known}`));
        if (!name) return next();
        response.setHeader("content-type", "application/octet-stream");
        response.end(readFileSync(join(folder, name)));
      });
    },
  };
}

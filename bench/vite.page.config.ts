import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { wgsl } from "../tools/shaders/wgsl-plugin.js";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

function commit(): string {
  try {
    return execFileSync("git", ["-C", at("."), "rev-parse", "--short=12", "HEAD"], {
      encoding: "utf8",
    }).trim();
  } catch {
    return "unknown";
  }
}

/** Builds the bench's page to static files that can be served from any folder. */
export default defineConfig({
  root: at("page"),
  base: "./",
  appType: "mpa",
  logLevel: "warn",
  plugins: [wgsl()],
  define: {
    __COMMIT__: JSON.stringify(commit()),
    __VERSION__: JSON.stringify(JSON.parse(readFileSync(at("../package.json"), "utf8")).version),
  },
  build: {
    outDir: at("../dist-bench"),
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    // One file: the page makes no request once it is loaded.
    rolldownOptions: { output: { codeSplitting: false } },
  },
});

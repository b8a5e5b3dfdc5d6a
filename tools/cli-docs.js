import { readFileSync } from "node:fs";
import { runnerImport } from "vite";

// Vite compiles the command line's TypeScript and the shaders that it may import.
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
globalThis.__VERSION__ = version;
const { module } = await runnerImport("./tools/wgsl-plugin.ts");
await runnerImport("./tools/write-cli-docs.ts", { plugins: [module.wgsl()] });

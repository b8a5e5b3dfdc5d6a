import { readFileSync } from "node:fs";
import { runnerImport } from "vite";

// Through Vite, because the command line is TypeScript and may import shaders.
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
globalThis.__VERSION__ = version;
const { module } = await runnerImport("./tools/wgsl-plugin.ts");
await runnerImport("./tools/write-cli-docs.ts", { plugins: [module.wgsl()] });

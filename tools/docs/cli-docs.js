import { runnerImport } from "vite";

// Vite compiles the command line's TypeScript and the shaders that it may import.
const { module } = await runnerImport("./tools/shaders/wgsl-plugin.ts");
await runnerImport("./tools/docs/write-cli-docs.ts", { plugins: [module.wgsl()] });

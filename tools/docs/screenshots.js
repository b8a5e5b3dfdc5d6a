import { runnerImport } from "vite";

// Vite compiles the TypeScript of the tests' helpers.
await runnerImport("./tools/docs/take-screenshots.ts");

import { runnerImport } from "vite";

// Vite compiles the TypeScript of the tests' helpers.
await runnerImport("./tools/take-screenshots.ts");

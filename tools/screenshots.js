import { runnerImport } from "vite";

// Through Vite, because the tests' helpers are TypeScript.
await runnerImport("./tools/take-screenshots.ts");

import { availableParallelism } from "node:os";
import { runScript, scripts, show } from "./run-script.js";

// Runs the scripts `check:…` of package.json side by side, and shows what each said when it ends: npm run check
const waiting = Object.keys(scripts).filter((name) => name.startsWith("check:"));

const worker = async () => {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    show(name, await runScript(name));
  }
};
await Promise.all(Array.from({ length: availableParallelism() }, worker));

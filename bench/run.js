// Builds the bench and runs it. `npm run bench -- --help` prints its options.
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildFolder, clearBuilds } from "./build-folder.js";

const folder = fileURLToPath(new URL(".", import.meta.url));
clearBuilds(folder);
try {
  const { build } = await import("vite");
  await build({ configFile: `${folder}vite.config.ts`, mode: "node" });
} catch (error) {
  const reason = String(error?.message ?? error).split("\n")[0];
  process.stderr.write(`bench: The build failed (${reason}). Run npm ci first.\n`);
  process.exit(1);
}
const { main } = await import(pathToFileURL(join(buildFolder(folder, "node"), "main.js")).href);
process.exitCode = await main(process.argv.slice(2), folder);

// Builds the bench and runs it: `npm run bench`, and with `-- --help` what it can do.
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
try {
  const { build } = await import("vite");
  await build({ configFile: `${folder}vite.config.ts`, mode: "node" });
} catch (error) {
  const reason = String(error?.message ?? error).split("\n")[0];
  process.stderr.write(`bench: It cannot be built here (${reason}); run npm ci first.\n`);
  process.exit(1);
}
const { main } = await import("./dist/node/main.js");
process.exitCode = await main(process.argv.slice(2), folder);

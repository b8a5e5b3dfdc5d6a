import { fileURLToPath } from "node:url";
import { build, runnerImport } from "vite";

// Builds the files for pages without a bundler, each with everything inside: node tools/build/build-single.js [OUT]
const out = process.argv[2] ?? fileURLToPath(new URL("../../dist", import.meta.url));

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const { module: shaders } = await runnerImport(at("tools/shaders/compact-wgsl-plugin.ts"));
const { module: minifier } = await runnerImport(at("tools/build/minify-plugin.ts"));
const { module: packaged } = await runnerImport(at("tools/build/packaged-files-plugin.ts"));

for (const [name, entry] of [
  ["metakernelgan", "src/single.ts"],
  ["worker-thread", "src/embed/worker/thread.ts"],
]) {
  await build({
    configFile: false,
    logLevel: "warn",
    plugins: [
      shaders.compactShaders({ shortenOverrides: true }),
      packaged.packagedFiles("worker-thread.min.js"),
      minifier.minifySingle(),
    ],
    build: {
      outDir: out,
      emptyOutDir: false,
      copyPublicDir: false,
      target: "es2022",
      minify: true,
      lib: { entry: at(entry), formats: ["es"], fileName: () => `${name}.min.js` },
      rolldownOptions: { checks: { pluginTimings: false }, output: { minify: true } },
    },
  });
}

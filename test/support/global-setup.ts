import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildPackage, buildPage, type ChunkImports } from "./build.js";
import { ROOT } from "./root.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the built package; within the checkout, so that it finds its dependencies. */
    package: string;
    chunkImports: ChunkImports;
    /** Folder of the built page. */
    page: string;
  }
}

/** Builds package and page once, for all tests of what is built. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(ROOT, "node_modules", ".test-build-"));
  const [packageFolder, page] = [join(folder, "package"), join(folder, "page")];
  const buildAll = async (): Promise<ChunkImports> => {
    const chunkImports = await buildPackage(packageFolder);
    await buildPage(page);
    return chunkImports;
  };
  project.provide("package", packageFolder);
  project.provide("page", page);
  project.provide("chunkImports", await buildAll());
  project.onTestsRerun(async () => project.provide("chunkImports", await buildAll()));
  return () => rm(folder, { recursive: true, force: true });
}

import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildPackage, buildPage, type ChunkImports, pack } from "./build.js";
import { ROOT } from "./root.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the built package; within the checkout, so that it finds its dependencies. */
    package: string;
    /** The package as npm would publish it. */
    tarball: string;
    chunkImports: ChunkImports;
    /** Folder of the built page. */
    page: string;
  }
}

/** What was built, and where. */
interface Built {
  readonly folder: string;
  readonly chunkImports: ChunkImports;
  readonly tarball: string;
}

/** Every project loads this module anew: they share what is built through the process. */
const BUILT = Symbol.for("metakernelgan.built");
const shared = globalThis as { [BUILT]?: Promise<Built> };

/** Builds package and page once, for all tests of what is built. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const build = async (at?: string): Promise<Built> => {
    const folder = at ?? (await mkdtemp(join(ROOT, "node_modules", ".test-build-")));
    const [chunkImports] = await Promise.all([
      buildPackage(join(folder, "package")),
      buildPage(join(folder, "page")),
    ]);
    return { folder, chunkImports, tarball: await pack(join(folder, "package"), folder) };
  };
  shared[BUILT] ??= build();
  const { folder, chunkImports, tarball } = await shared[BUILT];
  project.provide("package", join(folder, "package"));
  project.provide("page", join(folder, "page"));
  project.provide("chunkImports", chunkImports);
  project.provide("tarball", tarball);
  project.onTestsRerun(async () => project.provide("chunkImports", (await build(folder)).chunkImports));
  return () => rm(folder, { recursive: true, force: true });
}

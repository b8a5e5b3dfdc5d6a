import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { type Site, serve } from "./serve.js";

/**
 * Serves a copy of the built page from a path of its own, as a part of a larger site; the copy goes with it.
 * @param missing paths of files that are not there.
 */
export async function servePage(missing: readonly string[] = []): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), "metakernelgan-page-"));
  await cp(inject("page"), folder, { recursive: true });
  for (const path of missing) await rm(join(folder, path));
  const site = await serve({ "/page/": folder }, "page/");
  return {
    ...site,
    close: async () => {
      await site.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

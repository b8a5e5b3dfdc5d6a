import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { type Site, serve } from "./serve.js";

/**
 * Serves a copy of the built page from a path of its own, as a part of a larger site; the copy goes with it.
 * @param more files to serve beside it, by their paths.
 */
export async function servePage(more: Readonly<Record<string, Uint8Array>> = {}): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), "metakernelgan-page-"));
  await cp(inject("page"), folder, { recursive: true });
  // Without it unless a test brings one of its own, whatever the package has.
  await rm(join(folder, "weights/usrnet.safetensors"), { force: true });
  for (const [path, bytes] of Object.entries(more)) await writeFile(join(folder, path), bytes);
  const site = await serve({ "/page/": folder }, "page/");
  return {
    ...site,
    close: async () => {
      await site.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

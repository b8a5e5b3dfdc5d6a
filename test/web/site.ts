import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** Root of the checkout. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
};

/** A served folder. */
export interface Site {
  /** Address of the folder, with a slash at its end. */
  readonly address: string;
  /** The paths that were asked for so far, in their order. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Builds the page into a new folder. */
export async function buildPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "metakernelgan-page-"));
  await build({
    configFile: join(ROOT, "vite.web.config.ts"),
    logLevel: "warn",
    build: { outDir: folder, emptyOutDir: true },
  });
  return folder;
}

/**
 * Builds the page and serves it from a path of its own, as a part of a larger site; the folder goes with it.
 * @param more files to serve beside it, by their paths.
 */
export async function servePage(more: Readonly<Record<string, Uint8Array>> = {}): Promise<Site> {
  const folder = await buildPage();
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

/** Serves folders of static files, each under its path. */
export async function serve(folders: Readonly<Record<string, string>>, start = ""): Promise<Site> {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
    requests.push(path);
    const mount = Object.keys(folders).find((prefix) => path.startsWith(prefix));
    const name = mount && (path === mount ? "index.html" : path.slice(mount.length));
    try {
      if (!mount || !name) throw new Error("no such folder");
      const bytes = await readFile(join(folders[mount] as string, name));
      response.setHeader("content-type", TYPES[extname(name)] ?? "application/octet-stream").end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, "localhost", listening));
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}/${start}`,
    requests,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

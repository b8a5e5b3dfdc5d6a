import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** A served folder. */
export interface Site {
  /** Address of the folder, with a slash at its end. */
  readonly address: string;
  /** The paths that were asked for so far, in their order. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Serves folders of static files, each under its path; with the query `cut`, the connection breaks after half of a file. */
export async function serve(folders: Readonly<Record<string, string>>, start = ""): Promise<Site> {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const path = normalize(url.pathname);
    requests.push(path);
    const mount = Object.keys(folders).find((prefix) => path.startsWith(prefix));
    const name = mount && (path === mount ? "index.html" : path.slice(mount.length));
    try {
      if (!mount || !name) throw new Error("no such folder");
      const bytes = await readFile(join(folders[mount] as string, name));
      response.setHeader("content-type", TYPES[extname(name)] ?? "application/octet-stream");
      if (url.search !== "?cut") {
        response.end(bytes);
        return;
      }
      response.setHeader("content-length", bytes.length);
      response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
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

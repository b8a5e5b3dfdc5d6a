import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { extract } from "tar";

/** The installed `@sparticuz/chromium` package: archives of Chromium and of its SwiftShader. */
export interface BundledChromium {
  readonly version: string;
  /** Folder of the `.br` archives. */
  readonly archives: string;
}

/**
 * Finds the package, which has programs for x64 Linux only; undefined elsewhere or where it is not installed.
 * It is never imported: its own code unpacks to fixed names in the temporary folder and edits the environment.
 */
export async function findBundledChromium(): Promise<BundledChromium | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  try {
    const main = createRequire(import.meta.url).resolve("@sparticuz/chromium");
    const root = dirname(dirname(dirname(main)));
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
    return { version, archives: join(root, "bin") };
  } catch {
    return undefined;
  }
}

/** Unpacks a `.tar.br` archive of the package into a folder that exists; `keep` chooses files by base name. */
export async function unpackTar(
  bundle: BundledChromium,
  archive: string,
  folder: string,
  keep: (name: string) => boolean = () => true,
): Promise<void> {
  await pipeline(
    createReadStream(join(bundle.archives, archive)),
    createBrotliDecompress(),
    extract({
      cwd: folder,
      strict: true,
      preserveOwner: false,
      filter: (path) => path.endsWith("/") || keep(path),
    }),
  );
}

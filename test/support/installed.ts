import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { x as extract } from "tar";
import { afterAll, inject } from "vitest";

/** A fresh folder of a project that has the package installed. */
export interface InstalledProject {
  readonly folder: string;
  /** Writes files of the project, by their paths. */
  write(files: Readonly<Record<string, string | Uint8Array>>): void;
}

/**
 * Installs the package as its tarball holds it, in a fresh project beside the built package, where it finds its dependencies.
 * The project goes when the file's tests are done.
 */
export function useInstalledProject(): InstalledProject {
  const built = inject("package");
  const folder = mkdtempSync(`${built}-project-`);
  const installed = join(folder, "node_modules", "metakernelgan");
  mkdirSync(installed, { recursive: true });
  extract({ file: inject("tarball"), cwd: installed, strip: 1, sync: true });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    write(files) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    },
  };
}

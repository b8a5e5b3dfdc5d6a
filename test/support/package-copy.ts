import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { afterAll, inject } from "vitest";

/** A copy of the built package that a test file may change; it goes when the file's tests are done. */
export function usePackageCopy(): string {
  const built = inject("package");
  // Beside it, where it finds its dependencies too.
  const folder = mkdtempSync(`${built}-copy-`);
  cpSync(built, folder, { recursive: true });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

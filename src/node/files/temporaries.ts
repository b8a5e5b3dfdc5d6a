import { rmdirSync, rmSync } from "node:fs";

/** How each path that is not to outlive the process is removed. */
const temporaries = new Map<string, (path: string) => void>();

/**
 * Notes a file or folder that is written under a name of its own and renamed when it is whole, for a process that is ended in the
 * middle of its work.
 * @returns a function that forgets it: it was renamed or removed.
 */
export function noteTemporary(path: string): () => void {
  return note(path, () => rmSync(path, { recursive: true, force: true }));
}

/**
 * The same for a new folder that goes only if it is still empty.
 * @returns as {@link noteTemporary}.
 */
export function noteNewFolder(path: string): () => void {
  return note(path, () => rmdirSync(path));
}

/** Removes all temporary files and folders at once, before the process ends. */
export function removeTemporaries(): void {
  // A folder was made before what lies in it.
  for (const [path, remove] of [...temporaries].reverse()) {
    try {
      remove(path);
    } catch {
      // It has something in it, or is gone.
    }
  }
  temporaries.clear();
}

function note(path: string, remove: (path: string) => void): () => void {
  temporaries.set(path, remove);
  return () => {
    temporaries.delete(path);
  };
}

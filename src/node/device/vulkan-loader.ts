import { constants, tmpdir } from "node:os";

/** glibc's flag for a library that stays loaded after `dlclose`; `node:os` has no name for it. */
const RTLD_NODELETE = 0x1000;

/** Whether the system has a Vulkan loader; always true off Linux, where Dawn brings or knows its own way. */
export function hasSystemLoader(): boolean {
  if (process.platform !== "linux") return true;
  return loads("libvulkan.so.1", constants.dlopen.RTLD_LAZY);
}

/**
 * Loads a Vulkan loader from a file for good, so that Dawn, which opens `libvulkan.so.1` by name, gets it on a
 * system that has none of its own: the dynamic linker looks among the loaded libraries' names first.
 */
export function preloadLoader(path: string): boolean {
  return loads(path, constants.dlopen.RTLD_LAZY | RTLD_NODELETE);
}

/** `process.dlopen` refuses a library that is not a Node add-on, but only after loading it. */
function loads(file: string, flags: number): boolean {
  try {
    process.dlopen({ exports: {} }, file, flags);
    return true;
  } catch (error) {
    return error instanceof Error && error.message.includes("did not self-register");
  }
}

let turn: Promise<unknown> = Promise.resolve();

/**
 * Runs `work` with the environment that the Vulkan loader and its drivers read, and restores it afterward. One
 * at a time, since the environment belongs to the whole process. A worker thread has only a copy of it, which
 * native code does not see: there, `manifest` has no effect unless the worker was made with `SHARE_ENV`.
 * @param manifest the only driver to offer, by its manifest file; undefined for all those of the system.
 */
export function withDrivers<T>(manifest: string | undefined, work: () => Promise<T>): Promise<T> {
  const next = turn.then(async () => {
    const changes: Record<string, string> = {};
    // Newer loaders read the first name, older ones the second.
    if (manifest !== undefined)
      Object.assign(changes, { VK_DRIVER_FILES: manifest, VK_ICD_FILENAMES: manifest });
    // Some versions of lavapipe refuse to start without it.
    if (!process.env.XDG_RUNTIME_DIR) changes.XDG_RUNTIME_DIR = tmpdir();
    const before = Object.keys(changes).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, changes);
    try {
      return await work();
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });
  turn = next.catch(() => undefined);
  return next;
}

import { NoAdapterError } from "../../engine/errors.js";

/** What the `webgpu` package (Dawn for Node) exports. */
export interface Dawn {
  create(flags: string[]): GPU;
  globals: Record<string, unknown>;
}

/**
 * Loads Dawn, and puts WebGPU's constants and classes (`GPUBufferUsage`, `GPUMapMode`, …) where a browser has
 * them, on the global object; names that exist already stay as they are. Loading costs a few milliseconds and
 * does not look for a driver yet.
 * @throws {NoAdapterError} if the package is missing or has no build for this platform.
 */
export async function loadDawn(): Promise<Dawn> {
  let dawn: Dawn;
  try {
    const module: unknown = await import("webgpu");
    dawn = module as Dawn;
  } catch (cause) {
    throw new NoAdapterError(
      `WebGPU for Node did not load on ${process.platform}-${process.arch}: run \`npm ci\` again without ` +
        "--omit=optional, on x64 or arm64 Linux (glibc), macOS or x64 or arm64 Windows.",
      { cause },
    );
  }
  for (const [name, value] of Object.entries(dawn.globals)) {
    if (!(name in globalThis)) {
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
  }
  return dawn;
}

import { join } from "node:path";
import { findBundledChromium, unpackTar } from "./bundled-chromium.js";
import { cacheEntry } from "./cache.js";

/** SwiftShader, a Vulkan driver that runs on the processor, with the Vulkan loader that came with it. */
export interface SwiftShader {
  /** Path of `libvulkan.so.1`. */
  readonly loader: string;
  /** Path of the driver's manifest, as `VK_DRIVER_FILES` wants it. */
  readonly manifest: string;
}

/** The archive also holds OpenGL libraries, which Dawn does not use. */
const FILES = ["libvulkan.so.1", "libvk_swiftshader.so", "vk_swiftshader_icd.json"];

/**
 * SwiftShader out of the optional package `@sparticuz/chromium`, unpacked into the cache on first use (about
 * 7 MB); undefined where the package is not installed or has no build for this platform.
 * @throws {CacheError} if it cannot be unpacked.
 */
export async function findSwiftShader(): Promise<SwiftShader | undefined> {
  const bundle = await findBundledChromium();
  if (!bundle) return undefined;
  const folder = await cacheEntry(`swiftshader-${bundle.version}`, (empty) =>
    unpackTar(bundle, "swiftshader.tar.br", empty, (path) => FILES.some((file) => path.endsWith(file))),
  );
  return { loader: join(folder, FILES[0] as string), manifest: join(folder, FILES[2] as string) };
}

/** Everything of the main entry, and what only Node can do: find a device, read images, write kernels. */
export * from "./index.js";
export {
  ADAPTER_CHOICES,
  type AdapterChoice,
  type AdapterName,
  type FoundAdapter,
  listAdapters,
  type NodeDeviceOptions,
} from "./node/device/adapters.js";
export { createEngine } from "./node/device/create-engine.js";
export { type CreateNodeUpscalerOptions, createUpscaler } from "./node/embed/create-upscaler.js";
export type { KeptFields, NodePictureSource } from "./node/embed/decode-node-source.js";
export { CacheError, OutputError } from "./node/errors.js";
export { readKernel, writeKernel } from "./node/files/kernel-files.js";
export type { ImageMetadata } from "./node/image-io/metadata/image-metadata.js";
export { type DecodedImage, readImage } from "./node/image-io/read-image.js";
export { type WritableImage, writeImage } from "./node/image-io/write-image.js";

/** The kinds of weights files that can be read. */
export type WeightFormat = "safetensors" | "pytorch-zip" | "pytorch-legacy";

/**
 * Tells the kind of a weights file by its first bytes; its name plays no part.
 * @returns undefined if it is none that can be read.
 */
export function sniffWeightFormat(bytes: Uint8Array): WeightFormat | undefined {
  // Any length can stand in the first eight bytes of a safetensors file, so its brace is looked for first.
  if (bytes[8] === 0x7b) return "safetensors";
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04])) return "pytorch-zip";
  // Every pickle from protocol 2 on; the reader of the legacy format checks PyTorch's magic number.
  const protocol = bytes[1] ?? 0;
  if (bytes[0] === 0x80 && protocol >= 2 && protocol <= 5) return "pytorch-legacy";
  return undefined;
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}

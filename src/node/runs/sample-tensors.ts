import type { RgbImage } from "../../image/rgb-image.js";

/** A tensor of a file of samples; its bytes are the parts one after the other. */
export type SampleTensor = readonly [
  name: string,
  dtype: "U8" | "F16" | "F32",
  shape: readonly number[],
  parts: readonly Uint8Array[],
];

/** A file of tensors of several types, in the safetensors format. */
export function encodeTensors(
  tensors: readonly SampleTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, dtype, shape, parts] of tensors) {
    const begin = end;
    end += parts.reduce((sum, part) => sum + part.length, 0);
    header[name] = { dtype, shape, data_offsets: [begin, end] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(8 + padded + end).fill(0x20, 8, 8 + padded);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(text, 8);
  let place = 8 + padded;
  for (const part of tensors.flatMap(([, , , parts]) => parts)) {
    file.set(part, place);
    place += part.length;
  }
  return file;
}

/** The bytes of an image in [0, 1], plane by plane. */
export function imageBytes({ data }: RgbImage): Uint8Array {
  return Uint8Array.from(data, (value) => Math.round(255 * value));
}

export function bytesOf(values: Uint16Array | Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

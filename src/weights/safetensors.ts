import { kindOf, tagOf } from "../engine/kind-of.js";
import { ByteReader } from "./byte-reader.js";
import { BF16, F16, F32, F64, type FloatType } from "./dtype.js";
import { damagedFile, WeightsError } from "./errors.js";
import { duplicateKey } from "./json-keys.js";
import {
  assertFinite,
  isShape,
  isSize,
  nameText,
  shapeText,
  valueCount,
  type WeightFile,
  type WeightTensor,
} from "./weight-file.js";

const FLOAT_TYPES: ReadonlyMap<string, FloatType> = new Map([
  ["F32", F32],
  ["F64", F64],
  ["F16", F16],
  ["BF16", BF16],
]);

/** Bytes of one value of the types that are skipped where they hold a single number, such as a count of batches. */
const INTEGER_BYTES: ReadonlyMap<string, number> = new Map([
  ["BOOL", 1],
  ["U8", 1],
  ["I8", 1],
  ["U16", 2],
  ["I16", 2],
  ["U32", 4],
  ["I32", 4],
  ["U64", 8],
  ["I64", 8],
]);

/** The headers of these networks have up to 20 kB; the format allows ten times this limit. */
const MAX_HEADER_BYTES = 10_000_000;

const METADATA_KEY = "__metadata__";

/** One tensor as the header describes it, checked by itself but not yet against its neighbors. */
interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads a `.safetensors` file. F32, F64, F16 and BF16 tensors become float32; integer tensors of one value
 * (`num_batches_tracked`) are left out.
 * @param bytes the whole file; nothing in the result refers to it.
 * @returns tensors in the order in which their data lie in the file.
 * @throws {WeightsError} if the file is truncated or contradicts itself, has a value that is NaN or infinite, or a
 *   tensor of another type.
 */
export function parseSafetensors(bytes: Uint8Array): WeightFile {
  const reader = new ByteReader(bytes, "The safetensors file");
  const headerBytes = reader.u64();
  if (headerBytes > MAX_HEADER_BYTES) {
    throw damagedFile(
      `The safetensors file has a header of ${headerBytes} bytes, more than ${MAX_HEADER_BYTES}`,
    );
  }
  const header = parseHeader(reader.text(headerBytes));
  const body = bytes.subarray(reader.offset);
  const entries = Object.entries(header)
    .filter(([name]) => name !== METADATA_KEY)
    .map(([name, value]) => readEntry(name, value));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkLayout(entries, body.length);

  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const tensors = new Map<string, WeightTensor>();
  for (const entry of entries) {
    const type = FLOAT_TYPES.get(entry.dtype);
    if (type) tensors.set(entry.name, readTensor(entry, type, view));
  }
  return { tensors, metadata: readMetadata(header[METADATA_KEY]) };
}

function parseHeader(text: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    // Then it is no object either.
  }
  if (!isObject(header)) {
    throw damagedFile("The header of the safetensors file is not a JSON object");
  }
  const twice = duplicateKey(text);
  if (twice !== undefined) {
    throw new WeightsError(
      `The header of the safetensors file has ${nameText(twice)} twice; write the file again.`,
    );
  }
  return header;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  const entries = isObject(value) ? Object.entries(value) : undefined;
  if (!entries?.every((entry): entry is [string, string] => typeof entry[1] === "string")) {
    throw new WeightsError(
      `The ${METADATA_KEY} of the safetensors file is not an object of strings; write the file again.`,
    );
  }
  return Object.fromEntries(entries);
}

function readEntry(name: string, value: unknown): Entry {
  const { dtype, shape, data_offsets: offsets } = isObject(value) ? value : {};
  if (typeof dtype !== "string" || !Array.isArray(offsets)) {
    throw damagedFile(`Tensor ${nameText(name)} lacks its dtype or data_offsets`);
  }
  if (!isShape(shape)) {
    throw damagedFile(`Tensor ${nameText(name)} has no shape of at most 32 whole numbers from 0 up`);
  }
  const [begin, end] = offsets;
  if (offsets.length !== 2 || !isSize(begin) || !isSize(end) || begin > end) {
    throw damagedFile(`Tensor ${nameText(name)} has data_offsets that are not a begin and an end`);
  }
  const count = valueCount(shape);
  const bytesEach = FLOAT_TYPES.get(dtype)?.bytes ?? INTEGER_BYTES.get(dtype);
  if (bytesEach === undefined || (INTEGER_BYTES.has(dtype) && count > 1)) {
    throw new WeightsError(
      `Tensor ${nameText(name)} is of type ${nameText(dtype)}; convert the weights to F32, F64, F16 or BF16.`,
    );
  }
  if (count * bytesEach !== end - begin) {
    throw damagedFile(
      `Tensor ${nameText(name)} of shape ${shapeText(shape)} and type ${dtype} takes ${count * bytesEach} bytes, but its data_offsets give it ${end - begin}`,
    );
  }
  return { name, shape, dtype, begin, end };
}

/** The format wants the data to be covered exactly once: no tensor past the end, no overlap, no hole. */
function checkLayout(entries: readonly Entry[], bodyBytes: number): void {
  let covered = 0;
  for (const { name, begin, end } of entries) {
    if (end > bodyBytes) {
      throw damagedFile(
        `Tensor ${nameText(name)} ends at byte ${end} of the data and the safetensors file has ${bodyBytes}`,
      );
    }
    if (begin !== covered) {
      throw damagedFile(
        `Tensor ${nameText(name)} begins at byte ${begin} of the data instead of ${covered}: an overlap or a hole`,
      );
    }
    covered = end;
  }
  if (covered !== bodyBytes) {
    throw damagedFile(`The safetensors file has ${bodyBytes - covered} bytes after its last tensor`);
  }
}

function readTensor(entry: Entry, type: FloatType, view: DataView): WeightTensor {
  const data = new Float32Array((entry.end - entry.begin) / type.bytes);
  for (let i = 0; i < data.length; i++) data[i] = type.read(view, entry.begin + i * type.bytes);
  assertFinite(entry.name, data);
  return { shape: entry.shape, data };
}

/**
 * The weights file of bytes, or of what was parsed before: what every network's `load` takes.
 * @throws {WeightsError} if the bytes are not a `.safetensors` file.
 */
export function toWeightFile(weights: Uint8Array | WeightFile): WeightFile {
  if (tagOf(weights) === "Uint8Array") return parseSafetensors(weights as Uint8Array);
  if (tagOf((weights as Partial<WeightFile> | undefined)?.tensors) === "Map") return weights as WeightFile;
  throw new WeightsError(
    `Weights are a .safetensors file's bytes (Uint8Array) or a parsed file; got ${kindOf(weights)}.`,
  );
}

/**
 * Writes a `.safetensors` file with F32 tensors. Tensors and metadata are sorted by name, so equal content gives
 * equal bytes.
 * @throws {WeightsError} if a shape does not fit its data, a value is NaN or infinite, or a tensor has the name that
 *   the format keeps for metadata.
 */
export function serializeSafetensors(file: WeightFile): Uint8Array {
  const tensors = sortedByName([...file.tensors]);
  const header: [string, unknown][] = [];
  const metadata = sortedByName(Object.entries(file.metadata));
  if (metadata.length > 0) header.push([METADATA_KEY, Object.fromEntries(metadata)]);
  let bodyBytes = 0;
  for (const [name, { shape, data }] of tensors) {
    checkWritable(name, shape, data);
    const begin = bodyBytes;
    bodyBytes += data.length * 4;
    header.push([name, { dtype: "F32", shape, data_offsets: [begin, bodyBytes] }]);
  }

  const json = new TextEncoder().encode(headerJson(header));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerBytes + bodyBytes);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, 8, 8 + headerBytes);
  bytes.set(json, 8);
  let offset = 8 + headerBytes;
  for (const [, { data }] of tensors) {
    for (const value of data) {
      view.setFloat32(offset, value, true);
      offset += 4;
    }
  }
  return bytes;
}

/** An object would put names such as "0" before all others; written by hand, the entries keep their order. */
function headerJson(entries: readonly [string, unknown][]): string {
  return `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
}

function sortedByName<T>(entries: [string, T][]): [string, T][] {
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

function checkWritable(name: string, shape: readonly number[], data: Float32Array): void {
  if (name === METADATA_KEY) {
    throw new WeightsError(
      `A tensor cannot be called ${METADATA_KEY} in a safetensors file; give it another name.`,
    );
  }
  if (!isShape(shape) || valueCount(shape) !== data.length) {
    throw new WeightsError(
      `Tensor ${nameText(name)} of shape ${shapeText(shape)} has ${data.length} values, so it cannot be written; give it a shape that fits.`,
    );
  }
  assertFinite(name, data);
}

import { open, stat, truncate } from "node:fs/promises";
import type { NumberStore } from "../../train/training.js";
import { outputError } from "../files/atomic-write.js";
import { systemErrorCode } from "../files/system-errors.js";

/** A {@link NumberStore} in a file of float32 numbers. */
export function numberFile(path: string): NumberStore {
  return {
    read: (target, unit) => orOutputError(path, () => read(path, target, unit)),
    append: (numbers) => orOutputError(path, () => append(path, numbers)),
  };
}

async function read(path: string, target: Float32Array, unit: number): Promise<number> {
  const size = await stat(path).then(
    (info) => info.size,
    (error: unknown) => {
      if (systemErrorCode(error) === "ENOENT") return 0;
      throw error;
    },
  );
  const unitBytes = unit * target.BYTES_PER_ELEMENT;
  const bytes = Math.min(size - (size % unitBytes), target.byteLength);
  if (bytes === 0 && size === 0) return 0;
  // A process that was killed may have left a part of a unit.
  await truncate(path, bytes);
  const file = await open(path);
  try {
    const view = new Uint8Array(target.buffer, target.byteOffset, bytes);
    let done = 0;
    while (done < bytes) done += (await file.read(view, done, bytes - done, done)).bytesRead;
  } finally {
    await file.close();
  }
  return bytes / unitBytes;
}

async function append(path: string, numbers: Float32Array): Promise<void> {
  const file = await open(path, "a");
  try {
    await file.writeFile(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
    await file.sync();
  } finally {
    await file.close();
  }
}

async function orOutputError<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw outputError(path, error);
  }
}

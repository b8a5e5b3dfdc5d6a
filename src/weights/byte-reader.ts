import { damagedFile } from "./errors.js";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A cursor over bytes that never reads past their end: it throws `WeightsError` instead. */
export class ByteReader {
  protected readonly view: DataView;
  /** Position of the next byte. */
  offset: number;

  /** @param what what is being read, as the error names it: "The zip directory". */
  constructor(
    readonly bytes: Uint8Array,
    readonly what: string,
    offset = 0,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.offset = offset;
  }

  /** Moves past `count` bytes and returns where they begin. */
  protected advance(count: number): number {
    const start = this.offset;
    if (count > this.bytes.length - start) {
      throw damagedFile(
        `${this.what} ends early: ${count} bytes are needed at byte ${start} and ${Math.max(0, this.bytes.length - start)} are left`,
      );
    }
    this.offset = start + count;
    return start;
  }

  /** A little-endian 64-bit count, which no file of a computer can have above the safe integers. */
  u64(): number {
    const start = this.advance(8);
    const value = this.view.getBigUint64(start, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw damagedFile(`${this.what} says a length of ${value} at byte ${start}`);
    }
    return Number(value);
  }

  /** The next `count` bytes, not copied. */
  take(count: number): Uint8Array {
    const start = this.advance(count);
    return this.bytes.subarray(start, start + count);
  }

  /** The next `count` bytes as UTF-8. */
  text(count: number): string {
    const start = this.offset;
    return this.decode(this.take(count), start);
  }

  protected decode(bytes: Uint8Array, start: number): string {
    try {
      return utf8.decode(bytes);
    } catch {
      throw damagedFile(`${this.what} has text at byte ${start} that is not UTF-8`);
    }
  }
}

import { damagedFile, WeightsError } from "./errors.js";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A cursor over bytes that never reads past their end: it throws {@link WeightsError} instead. */
export class ByteReader {
  private readonly view: DataView;
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
  private advance(count: number): number {
    const start = this.offset;
    if (count > this.bytes.length - start) {
      throw damagedFile(
        `${this.what} ends early: ${count} bytes are needed at byte ${start} and ${Math.max(0, this.bytes.length - start)} are left`,
      );
    }
    this.offset = start + count;
    return start;
  }

  u8(): number {
    return this.view.getUint8(this.advance(1));
  }

  u16(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  i32(): number {
    return this.view.getInt32(this.advance(4), true);
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

  /** A big-endian double, as pickle writes it. */
  f64BigEndian(): number {
    return this.view.getFloat64(this.advance(8), false);
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

  /** Text up to the next line feed, which is swallowed; at most `limit` bytes. */
  line(limit: number): string {
    const start = this.offset;
    const end = this.bytes.subarray(start, start + limit + 1).indexOf(0x0a);
    if (end < 0) {
      throw damagedFile(`${this.what} has no end of line after byte ${start}`);
    }
    const text = this.decode(this.take(end), start);
    this.offset += 1;
    return text;
  }

  private decode(bytes: Uint8Array, start: number): string {
    try {
      return utf8.decode(bytes);
    } catch {
      throw damagedFile(`${this.what} has text at byte ${start} that is not UTF-8`);
    }
  }
}

import { ByteReader } from "../byte-reader.js";
import { damagedFile } from "../errors.js";

/** A cursor over a checkpoint's bytes, which have numbers and lines that a safetensors file lacks. */
export class CheckpointReader extends ByteReader {
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

  /** A big-endian double, as pickle writes it. */
  f64BigEndian(): number {
    return this.view.getFloat64(this.advance(8), false);
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
}

import { WeightsError } from "../errors.js";
import type { CheckpointReader } from "./checkpoint-reader.js";

/**
 * What a pickle can hold. `PickleObject` stands for whatever the {@link PickleWorld} makes of names, calls and
 * persistent ids; `Uint8Array` is a bytes object.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleTuple
  | PickleList
  | PickleDict
  | PickleObject;

export class PickleTuple {
  constructor(readonly items: readonly PickleValue[]) {}
}

export class PickleList {
  readonly items: PickleValue[] = [];
}

/** A dict or an OrderedDict. A Map, so that no key (`__proto__`) is special. */
export class PickleDict {
  readonly entries = new Map<PickleValue, PickleValue>();
}

/** Base of the values that the {@link PickleWorld} makes. */
export abstract class PickleObject {
  abstract readonly kind: string;
}

/**
 * Decides what a pickle may name and call. A pickle is a program: naming a function and calling it is how a hostile
 * one runs code. The reader has no access to any function; it asks here, and these must throw for all that they
 * do not know.
 */
export interface PickleWorld {
  /** What `module.name` stands for. */
  global(module: string, name: string): PickleValue;
  /** What calling `callee` gives. */
  call(callee: PickleValue, args: readonly PickleValue[]): PickleValue;
  /** What the pickle keeps outside itself under `id`. */
  persistent(id: PickleValue): PickleValue;
}

/** Each instruction makes at most one object, so this bounds stack, memo and objects at once. */
const MAX_INSTRUCTIONS = 1_000_000;

/** Bytes of the longest integer: the magic number of PyTorch has 10. */
const MAX_INTEGER_BYTES = 64;

/** Bytes of the longest module or class name. */
const MAX_NAME_BYTES = 512;

/**
 * Runs one pickle (protocols 2 to 5, the instructions that `torch.save` writes) and moves `reader` past it.
 * Executes nothing, does not recurse, and takes memory in proportion to the bytes read.
 * @throws {WeightsError} if the pickle is damaged or uses an instruction or a name that is not allowed.
 */
export function readPickle(reader: CheckpointReader, world: PickleWorld): PickleValue {
  return new PickleMachine(reader, world).run();
}

const OP = {
  proto: 0x80,
  frame: 0x95,
  stop: 0x2e,
  mark: 0x28,
  none: 0x4e,
  newTrue: 0x88,
  newFalse: 0x89,
  binInt: 0x4a,
  binInt1: 0x4b,
  binInt2: 0x4d,
  long1: 0x8a,
  long4: 0x8b,
  binFloat: 0x47,
  binUnicode: 0x58,
  shortBinUnicode: 0x8c,
  binString: 0x54,
  shortBinString: 0x55,
  binBytes: 0x42,
  shortBinBytes: 0x43,
  emptyList: 0x5d,
  append: 0x61,
  appends: 0x65,
  emptySet: 0x8f,
  addItems: 0x90,
  emptyTuple: 0x29,
  tuple: 0x74,
  tuple1: 0x85,
  tuple2: 0x86,
  tuple3: 0x87,
  emptyDict: 0x7d,
  setItem: 0x73,
  setItems: 0x75,
  binPut: 0x71,
  longBinPut: 0x72,
  memoize: 0x94,
  binGet: 0x68,
  longBinGet: 0x6a,
  global: 0x63,
  stackGlobal: 0x93,
  inst: 0x69,
  reduce: 0x52,
  build: 0x62,
  binPersId: 0x51,
} as const;

class PickleMachine {
  private readonly reader: CheckpointReader;
  private readonly world: PickleWorld;
  private readonly stack: PickleValue[] = [];
  /** Heights of the stack at the open marks. */
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, PickleValue>();

  constructor(reader: CheckpointReader, world: PickleWorld) {
    this.reader = reader;
    this.world = world;
  }

  run(): PickleValue {
    for (let count = 0; count < MAX_INSTRUCTIONS; count++) {
      const at = this.reader.offset;
      const op = this.reader.u8();
      if (op === OP.stop) return this.pop();
      this.step(op, at);
    }
    throw new WeightsError(
      `The checkpoint's pickle has more than ${MAX_INSTRUCTIONS} instructions, far more than these networks need; save the state_dict alone.`,
    );
  }

  private step(op: number, at: number): void {
    const made = this.make(op);
    if (made !== undefined) this.stack.push(made);
    else if (!this.alter(op)) throw this.refusal(op, at);
  }

  /** Runs an instruction that ends in pushing a value, and returns the value; undefined for all others. */
  private make(op: number): PickleValue | undefined {
    const reader = this.reader;
    switch (op) {
      case OP.none:
        return null;
      case OP.newTrue:
        return true;
      case OP.newFalse:
        return false;
      case OP.binInt:
        return reader.i32();
      case OP.binInt1:
        return reader.u8();
      case OP.binInt2:
        return reader.u16();
      case OP.long1:
        return this.integer(reader.u8());
      case OP.long4:
        return this.integer(reader.u32());
      case OP.binFloat:
        return reader.f64BigEndian();
      // Python 2 wrote names as byte strings.
      case OP.binString:
      case OP.binUnicode:
        return reader.text(reader.u32());
      case OP.shortBinString:
      case OP.shortBinUnicode:
        return reader.text(reader.u8());
      case OP.binBytes:
        return reader.take(reader.u32());
      case OP.shortBinBytes:
        return reader.take(reader.u8());
      // A set is only ever skipped, so a list will do.
      case OP.emptySet:
      case OP.emptyList:
        return new PickleList();
      case OP.emptyDict:
        return new PickleDict();
      case OP.emptyTuple:
        return new PickleTuple([]);
      case OP.tuple:
        return new PickleTuple(this.popToMark());
      case OP.tuple1:
        return new PickleTuple(this.popMany(1));
      case OP.tuple2:
        return new PickleTuple(this.popMany(2));
      case OP.tuple3:
        return new PickleTuple(this.popMany(3));
      case OP.binGet:
        return this.remembered(reader.u8());
      case OP.longBinGet:
        return this.remembered(reader.u32());
      case OP.global:
        return this.world.global(reader.line(MAX_NAME_BYTES), reader.line(MAX_NAME_BYTES));
      case OP.stackGlobal:
        return this.stackGlobal();
      case OP.reduce:
        return this.call();
      case OP.binPersId:
        return this.world.persistent(this.pop());
      default:
        return undefined;
    }
  }

  /** Runs an instruction that changes the stack's top or the machine; returns false if there is none such. */
  private alter(op: number): boolean {
    const reader = this.reader;
    switch (op) {
      case OP.proto:
        this.checkProtocol(reader.u8());
        return true;
      case OP.frame:
        // A frame only says how many bytes to fetch at once; they are all here.
        reader.u64();
        return true;
      case OP.mark:
        this.marks.push(this.stack.length);
        return true;
      case OP.append:
        this.append(this.popMany(1));
        return true;
      case OP.addItems:
      case OP.appends:
        this.append(this.popToMark());
        return true;
      case OP.setItem:
        this.setItems(this.popMany(2));
        return true;
      case OP.setItems:
        this.setItems(this.popToMark());
        return true;
      case OP.binPut:
        this.memo.set(reader.u8(), this.top());
        return true;
      case OP.longBinPut:
        this.memo.set(reader.u32(), this.top());
        return true;
      case OP.memoize:
        this.memo.set(this.memo.size, this.top());
        return true;
      case OP.build:
        // Attributes, which nothing here reads: an OrderedDict of weights carries its `_metadata` this way.
        this.pop();
        if (!(this.top() instanceof PickleDict))
          throw this.damaged("gives attributes to something that is not a dict");
        return true;
      case OP.inst:
        // Names a class and calls it in one go. No torch.save writes it, but the name makes the refusal clear.
        this.world.global(reader.line(MAX_NAME_BYTES), reader.line(MAX_NAME_BYTES));
        return false;
      default:
        return false;
    }
  }

  private checkProtocol(protocol: number): void {
    if (protocol < 2 || protocol > 5) {
      throw new WeightsError(
        `The checkpoint is pickled with protocol ${protocol}, and protocols 2 to 5 are read; save it again with torch.save.`,
      );
    }
  }

  /** A little-endian two's complement integer of any length. */
  private integer(bytes: number): number | bigint {
    if (bytes > MAX_INTEGER_BYTES) throw this.damaged(`has an integer of ${bytes} bytes`);
    let value = 0n;
    this.reader.take(bytes).forEach((byte, i) => {
      value |= BigInt(byte) << BigInt(8 * i);
    });
    const signed = BigInt.asIntN(8 * bytes, value);
    const number = Number(signed);
    return Number.isSafeInteger(number) ? number : signed;
  }

  private stackGlobal(): PickleValue {
    const [module, name] = this.popMany(2);
    if (typeof module !== "string" || typeof name !== "string") {
      throw this.damaged("names a global with something that is not text");
    }
    return this.world.global(module, name);
  }

  private call(): PickleValue {
    const [callee, args] = this.popMany(2);
    if (!(args instanceof PickleTuple)) throw this.damaged("calls something without a tuple of arguments");
    return this.world.call(callee as PickleValue, args.items);
  }

  private append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (!(list instanceof PickleList)) throw this.damaged("appends to something that is not a list");
    for (const item of items) list.items.push(item);
  }

  private setItems(items: readonly PickleValue[]): void {
    const dict = this.top();
    if (!(dict instanceof PickleDict)) throw this.damaged("puts an item into something that is not a dict");
    if (items.length % 2 !== 0) throw this.damaged("has a key without a value");
    for (let i = 0; i < items.length; i += 2) {
      dict.entries.set(items[i] as PickleValue, items[i + 1] as PickleValue);
    }
  }

  private remembered(index: number): PickleValue {
    const value = this.memo.get(index);
    if (value === undefined) throw this.damaged(`refers to object ${index}, which it has not stored`);
    return value;
  }

  private pop(): PickleValue {
    return this.popMany(1)[0] as PickleValue;
  }

  /** The upper `count` values, lowest first; none from below an open mark. */
  private popMany(count: number): PickleValue[] {
    const floor = this.marks[this.marks.length - 1] ?? 0;
    if (this.stack.length - count < floor) throw this.damaged("takes more values than it has made");
    return this.stack.splice(this.stack.length - count);
  }

  private popToMark(): PickleValue[] {
    const height = this.marks.pop();
    if (height === undefined) throw this.damaged("closes a list that it has not opened");
    return this.stack.splice(height);
  }

  private top(): PickleValue {
    const floor = this.marks[this.marks.length - 1] ?? 0;
    if (this.stack.length <= floor) throw this.damaged("takes more values than it has made");
    return this.stack[this.stack.length - 1] as PickleValue;
  }

  private refusal(op: number, at: number): WeightsError {
    return new WeightsError(
      `${this.reader.what} has instruction 0x${op.toString(16).padStart(2, "0")} at byte ${at}, which torch.save does not write for tensors; it is damaged, or such a file could run code, and is refused.`,
    );
  }

  private damaged(what: string): WeightsError {
    return new WeightsError(
      `${this.reader.what} ${what} (before byte ${this.reader.offset}); the file is damaged, so fetch it again.`,
    );
  }
}

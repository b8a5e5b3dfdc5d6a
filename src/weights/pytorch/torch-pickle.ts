import { BF16, F16, F32, F64, type FloatType } from "../dtype.js";
import { WeightsError } from "../errors.js";
import { isShape, isSize, nameText } from "../weight-file.js";
import {
  PickleDict,
  PickleList,
  PickleObject,
  PickleTuple,
  type PickleValue,
  type PickleWorld,
} from "./pickle.js";

/** Element type of a storage. */
export interface StorageType {
  readonly bytes: number;
  /** Absent for integers, booleans and complex numbers, which these networks do not use as weights. */
  readonly float?: FloatType;
}

/** A name from the allow-list; `role` says what calling it gives. */
class TorchGlobal extends PickleObject {
  readonly kind = "global";
  constructor(
    readonly label: string,
    readonly role: "dict" | "tensor" | "parameter" | "ignored" | StorageType,
  ) {
    super();
  }
}

/** A run of elements that the checkpoint keeps outside the pickle, under `key`. */
export class TorchStorage extends PickleObject {
  readonly kind = "storage";
  constructor(
    readonly key: string,
    readonly type: StorageType,
    /** Number of elements. */
    readonly length: number,
  ) {
    super();
  }
}

/** A view of a storage, in elements: value `(i, j, …)` lies at `offset + i·strides[0] + j·strides[1] + …`. */
export class TorchTensor extends PickleObject {
  readonly kind = "tensor";
  constructor(
    readonly storage: TorchStorage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {
    super();
  }
}

/** A skipped object that is not a tensor: a device, a dtype, a set. */
class Ignored extends PickleObject {
  readonly kind = "ignored";
}

const STORAGE_TYPES: Readonly<Record<string, StorageType>> = {
  FloatStorage: { bytes: 4, float: F32 },
  DoubleStorage: { bytes: 8, float: F64 },
  HalfStorage: { bytes: 2, float: F16 },
  BFloat16Storage: { bytes: 2, float: BF16 },
  LongStorage: { bytes: 8 },
  IntStorage: { bytes: 4 },
  ShortStorage: { bytes: 2 },
  CharStorage: { bytes: 1 },
  ByteStorage: { bytes: 1 },
  BoolStorage: { bytes: 1 },
  ComplexFloatStorage: { bytes: 8 },
  ComplexDoubleStorage: { bytes: 16 },
};

/** What checkpoints hold beside tensors. None of it is needed, so calling any of these gives {@link Ignored}. */
const IGNORED: readonly string[] = [
  "torch.Size",
  "torch.device",
  "collections.Counter",
  "__builtin__.set",
  "builtins.set",
  "_codecs.encode",
  ..."float32 float64 float16 bfloat16 int64 int32 int16 int8 uint8 bool"
    .split(" ")
    .map((name) => `torch.${name}`),
];

const ALLOWED: ReadonlyMap<string, TorchGlobal> = new Map(
  [
    new TorchGlobal("collections.OrderedDict", "dict"),
    new TorchGlobal("torch._utils._rebuild_tensor_v2", "tensor"),
    new TorchGlobal("torch._utils._rebuild_parameter", "parameter"),
    ...Object.entries(STORAGE_TYPES).flatMap(([name, type]) => [
      new TorchGlobal(`torch.${name}`, type),
      new TorchGlobal(`torch.cuda.${name}`, type),
    ]),
    ...IGNORED.map((label) => new TorchGlobal(label, "ignored")),
  ].map((global) => [global.label, global]),
);

/**
 * The most dict entries that calls may make. A pair of a list can become an entry in every call that is given the list, so the
 * bytes of the file are no bound.
 */
const MAX_CALLED_ENTRIES = 100_000;

/** Makes tensors of a `torch.save` pickle, and refuses every name that tensors and plain dicts do not need. */
export class TorchWorld implements PickleWorld {
  /** The storages that the pickle has named so far. */
  readonly storages = new Map<string, TorchStorage>();
  private entriesLeft = MAX_CALLED_ENTRIES;

  global(module: string, name: string): PickleValue {
    const label = `${module}.${name}`;
    const known = ALLOWED.get(label);
    if (!known) {
      throw new WeightsError(
        `The checkpoint names ${nameText(label)}, which tensors do not need; such a file could run code and is refused, so save only the state_dict.`,
      );
    }
    return known;
  }

  call(callee: PickleValue, args: readonly PickleValue[]): PickleValue {
    const role = callee instanceof TorchGlobal ? callee.role : undefined;
    switch (role) {
      case "dict":
        return this.dictOf(args);
      case "tensor":
        return rebuildTensor(args);
      case "parameter":
        if (args[0] instanceof TorchTensor) return args[0];
        break;
      case "ignored":
        return new Ignored();
    }
    throw strangeCall();
  }

  persistent(id: PickleValue): PickleValue {
    const [tag, type, key, , length, view] = id instanceof PickleTuple ? id.items : [];
    if (
      tag !== "storage" ||
      !(type instanceof TorchGlobal) ||
      typeof type.role !== "object" ||
      typeof key !== "string" ||
      !isSize(length) ||
      (view !== undefined && view !== null)
    ) {
      throw new WeightsError(
        "The checkpoint describes the storage of a tensor in a way that is not read; it is damaged or of a very old PyTorch, so save it again with a current one.",
      );
    }
    const known = this.storages.get(key);
    if (known && (known.type !== type.role || known.length !== length)) {
      throw new WeightsError(
        `The checkpoint describes storage ${nameText(key)} in two ways that contradict each other; the file is damaged, so fetch it again.`,
      );
    }
    const storage = known ?? new TorchStorage(key, type.role, length);
    this.storages.set(key, storage);
    return storage;
  }

  /** `OrderedDict()`, or with a list of pairs, as Python 2 pickled it. */
  private dictOf(args: readonly PickleValue[]): PickleDict {
    const dict = new PickleDict();
    if (args.length === 0) return dict;
    const [pairs] = args;
    if (args.length > 1 || !(pairs instanceof PickleList)) throw strangeCall();
    this.entriesLeft -= pairs.items.length;
    if (this.entriesLeft < 0) {
      throw new WeightsError(
        `The checkpoint makes more entries of dicts than the ${MAX_CALLED_ENTRIES} that are read; it is damaged or meant to exhaust the memory, so save only the state_dict.`,
      );
    }
    for (const pair of pairs.items) {
      const [key, value, more] = pair instanceof PickleList || pair instanceof PickleTuple ? pair.items : [];
      if (key === undefined || value === undefined || more !== undefined) throw strangeCall();
      dict.entries.set(key, value);
    }
    return dict;
  }
}

function strangeCall(): WeightsError {
  return new WeightsError(
    "The checkpoint calls something in a way that torch.save does not write; it is damaged, or could run code, and is refused.",
  );
}

/** `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)`. */
function rebuildTensor(args: readonly PickleValue[]): TorchTensor {
  const [storage, offset, size, stride] = args;
  const shape = size instanceof PickleTuple ? size.items : undefined;
  const strides = stride instanceof PickleTuple ? stride.items : undefined;
  if (
    !(storage instanceof TorchStorage) ||
    !isSize(offset) ||
    !isShape(shape) ||
    !isShape(strides) ||
    shape.length !== strides.length
  ) {
    throw new WeightsError(
      "The checkpoint describes a tensor without a storage, an offset, sizes and strides that are whole numbers; the file is damaged, so fetch it again.",
    );
  }
  return new TorchTensor(storage, offset, shape, strides);
}

import type { ArrayInfo, MemberInfo, StructInfo, TypeInfo } from "wgsl_reflect/wgsl_reflect.module.js";
import { BenchError } from "../report/errors.js";

/** A number in a buffer. */
interface Scalar {
  /** Bytes from the buffer's start. */
  readonly at: number;
  readonly type: "f32" | "u32" | "i32";
}

/** As {@link TypeInfo}, with what the kinds of types add. */
type AnyType = TypeInfo &
  Partial<Pick<StructInfo, "members">> &
  Partial<Pick<ArrayInfo, "count" | "stride">> & { readonly format?: TypeInfo | null };

const SCALARS: Readonly<Record<string, Scalar["type"]>> = {
  f32: "f32",
  f: "f32",
  u32: "u32",
  u: "u32",
  i32: "i32",
  i: "i32",
};

/**
 * The words of a buffer that holds numbers in the order of its type's parts, such as a structure's members; the gaps that
 * WGSL's layout leaves are zeros.
 * @throws {BenchError} if there are more or fewer numbers than the type has, or it does not hold them.
 */
export function packNumbers(name: string, type: TypeInfo, numbers: readonly number[]): number[] {
  const scalars = scalarsOf(name, type, 0);
  if (numbers.length !== scalars.length) {
    throw new BenchError(
      `${name} holds ${scalars.length} numbers (${inWords(type)}), and ${numbers.length} are given.`,
    );
  }
  const bytes = new DataView(new ArrayBuffer(4 * Math.ceil(type.size / 4)));
  for (const [i, { at, type }] of scalars.entries()) {
    const value = numbers[i] as number;
    if (type === "f32") bytes.setFloat32(at, value, true);
    else if (type === "u32") bytes.setUint32(at, value, true);
    else bytes.setInt32(at, value, true);
    const wrong = type === "u32" ? value !== value >>> 0 : type === "i32" && value !== (value | 0);
    if (wrong) throw new BenchError(`${name} holds ${type} as its number ${i + 1}, which ${value} is not.`);
  }
  return Array.from({ length: bytes.byteLength / 4 }, (_, i) => bytes.getUint32(4 * i, true));
}

/** A type's parts in words, such as "n: u32, scale: f32". */
export function inWords(type: TypeInfo): string {
  const { members } = type as AnyType;
  return members ? members.map((each) => `${each.name}: ${typeName(each.type)}`).join(", ") : typeName(type);
}

/** The parser takes an array without a length for one of length 0. */
function typeName(type: TypeInfo): string {
  return type.getTypeName().replace(/, 0>$/, ">");
}

function scalarsOf(name: string, type: TypeInfo, at: number): Scalar[] {
  const { members, format, count, stride } = type as AnyType;
  if (members) return members.flatMap((each: MemberInfo) => scalarsOf(name, each.type, at + each.offset));
  if (type.isArray && format && count && stride) {
    return Array.from({ length: count }, (_, i) => scalarsOf(name, format, at + i * stride)).flat();
  }
  const scalar = SCALARS[type.name];
  if (scalar) return [{ at, type: scalar }];
  if (type.name === "atomic" && format) return scalarsOf(name, format, at);
  const [, columns, rows, letter] = /^(?:vec|mat([234])x)([234])([fiu]?)$/.exec(type.name) ?? [];
  const of = SCALARS[letter || (format?.name ?? "")];
  if (!rows || !of) {
    throw new BenchError(
      `${name} is ${typeName(type)}, whose numbers the bench cannot lay out: give its type and sizes, such as ${name}:u32[4]=1,2,3,4.`,
    );
  }
  // A column of two is as wide as two numbers, one of three or four as wide as four.
  const column = Number(rows) === 2 ? 8 : 16;
  return Array.from({ length: Number(columns ?? 1) }, (_, c) =>
    Array.from({ length: Number(rows) }, (_, r) => ({ at: at + column * c + 4 * r, type: of })),
  ).flat();
}

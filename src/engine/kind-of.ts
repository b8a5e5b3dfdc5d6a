/**
 * The kind of an object, such as `"ImageBitmap"`, of whatever window or context of Node it comes from; `instanceof` knows those of
 * its own alone.
 * @returns `"Object"` for objects of the program's own, and the name of the type for other values.
 */
export function tagOf(value: unknown): string {
  return {}.toString.call(value).slice(8, -1);
}

/** A wrong value, in words for an error's message: texts as they are, other things than numbers by their kind. */
export function shown(value: unknown): string {
  return typeof value === "string" ? `"${value}"` : kindOf(value);
}

/** What a value is, in words for an error's message. */
export function kindOf(value: unknown): string {
  if (tagOf(value) === "Promise") return "a Promise: await it first";
  if (["string", "function"].includes(typeof value)) return `a ${typeof value}`;
  if (typeof value !== "object" || value === null) return value === undefined ? "nothing" : String(value);
  const name = value.constructor?.name;
  return name && name !== "Object" ? `an object of the kind ${name}` : "an object of another kind";
}

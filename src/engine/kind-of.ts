/** A wrong value, in words for an error's message: texts as they are, other things than numbers by their kind. */
export function shown(value: unknown): string {
  return typeof value === "string" ? `"${value}"` : kindOf(value);
}

/** What a value is, in words for an error's message. */
export function kindOf(value: unknown): string {
  if (value instanceof Promise) return "a Promise: await it first";
  if (["string", "function"].includes(typeof value)) return `a ${typeof value}`;
  if (typeof value !== "object" || value === null) return value === undefined ? "nothing" : String(value);
  const name = value.constructor?.name;
  return name && name !== "Object" ? `an object of the kind ${name}` : "an object of another kind";
}

/** The type of a binding's elements, as the shader declares it. */
const elementOf = (declared: string): string => declared.replace(/.*<|\W*(,.*)?>.*/g, "");

/** The element type of a binding, such as f32, or the alias that names it. Structures hold u32, or bits in their place. */
export function elementType(declared: string, aliases: readonly string[]): string {
  const name = elementOf(declared).replace(/^vec\d(.)$/, "$132");
  return aliases.includes(name) || /^[a-z]/.test(name) ? name : "u32";
}

/** The fewest elements that a binding holds: the members of its structure, as the shader's text without comments declares them. */
export function leastElements(declared: string, text: string): number {
  return (RegExp(`struct ${elementOf(declared)}\\b(.*?)}`, "s").exec(text)?.[1] ?? ":").split(":").length - 1;
}

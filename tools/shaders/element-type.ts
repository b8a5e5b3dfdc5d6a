/** The element type of a binding, such as f32, or the alias that names it. Structures hold u32, or bits in their place. */
export function elementType(declared: string, aliases: readonly string[]): string {
  const name = declared.replace(/.*<|\W*(,.*)?>.*/g, "").replace(/^vec\d(.)$/, "$132");
  return aliases.includes(name) || /^[a-z]/.test(name) ? name : "u32";
}

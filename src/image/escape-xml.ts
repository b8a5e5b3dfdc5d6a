/** Text as it may stand in XML, between tags or in an attribute. */
export function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML forbids them, and file names may have them
  const allowed = text.replace(/[\u0000-\u001f]/g, " ");
  return allowed
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

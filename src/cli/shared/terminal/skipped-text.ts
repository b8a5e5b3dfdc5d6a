/** Why one file of many is skipped, in words that name it. */
export function skippedText(path: string, { message }: Error): string {
  // Errors of reading name the file; errors about its contents do not.
  return `${message.startsWith(path) ? message : `${path}: ${message}`} It is skipped.`;
}

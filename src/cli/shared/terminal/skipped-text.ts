/** Why one file of many is left out, in words that name it. */
export function skippedText(path: string, { message }: Error): string {
  // Errors of reading name the file; those of what is in it do not.
  return `${message.startsWith(path) ? message : `${path}: ${message}`} It is skipped.`;
}

/** Prints one line to the person at the keyboard; standard output is for results only. */
export function printLine(text: string): void {
  process.stderr.write(`metakernelgan: ${oneLine(text)}\n`);
}

/** Prints what went wrong as one line, or with the stack trace where `METAKERNELGAN_DEBUG` is 1. */
export function printError(error: unknown): void {
  printLine(error instanceof Error && error.message !== "" ? error.message : String(error));
  if (process.env.METAKERNELGAN_DEBUG === "1" && error instanceof Error) {
    process.stderr.write(`${error.stack}\n`);
    if (error.cause instanceof Error) process.stderr.write(`Caused by ${error.cause.stack}\n`);
  }
}

/** Prints a result as one JSON object. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Prints a result for people. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Aligned lines of a label and its text; texts that are undefined are left out. */
export function labeled(rows: readonly (readonly [label: string, text: string | undefined])[]): string {
  const shown = rows.filter(([, text]) => text !== undefined);
  const width = Math.max(...shown.map(([label]) => label.length));
  return shown.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`).join("\n");
}

/** A duration in words, such as `1.23 s`. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** File names and messages of libraries may have line breaks and control characters. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are searched
  return text.trim().replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
}

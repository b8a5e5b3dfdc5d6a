/** Says on standard error what is being done. */
export function progress(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}

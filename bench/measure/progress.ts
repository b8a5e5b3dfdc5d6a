let tell = (line: string): void => void process.stderr.write(`bench: ${line}\n`);

/** Says what is being done: on standard error, unless a page takes the lines. */
export function progress(line: string): void {
  tell(line);
}

/** Lets someone else take the lines. */
export function takeProgress(listener: (line: string) => void): void {
  tell = listener;
}

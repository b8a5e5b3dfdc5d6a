/** The exit code of a program that SIGINT ended. */
const INTERRUPTED = 130;

/**
 * Waits for a measurement. On SIGINT it keeps what was measured so far and ends the process.
 * @param keep prints and writes it.
 */
export async function untilInterrupted(measurement: Promise<void>, keep: () => void): Promise<void> {
  const stop = (): never => {
    process.stderr.write("bench: interrupted; what was measured so far is kept.\n");
    keep();
    process.exit(INTERRUPTED);
  };
  process.once("SIGINT", stop);
  try {
    await measurement;
  } finally {
    process.off("SIGINT", stop);
  }
}

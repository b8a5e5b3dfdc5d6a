import { closeSync, existsSync, openSync } from "node:fs";
import { devNull } from "node:os";

const SHELL = "/bin/sh";

/** Node has it from 22.15 on, where the system has it. */
type Execve = (file: string, args: readonly string[], env: NodeJS.ProcessEnv) => never;

/**
 * Ends the process after a signal. Its standard output goes nowhere from then on: a driver whose compiler the end of the process takes
 * away while it works writes what it takes for errors there. Where Node can do so, a shell takes the process's place, and ends: at a
 * usual end the driver may crash, since what its compiler works with is destroyed first.
 */
export function endProcess(exitCode: number | undefined): never {
  try {
    closeSync(1);
    // A file gets the lowest number that is free.
    openSync(devNull, "w");
  } catch {
    // The exit code matters more.
  }
  const { execve } = process as { execve?: Execve };
  if (execve && existsSync(SHELL)) {
    const code = exitCode ?? 0;
    // What a usual end would do: locks of folders are released.
    process.emit("exit", code);
    // Node warns that the call is experimental.
    process.removeAllListeners("warning");
    execve(SHELL, ["sh", "-c", `exit ${code}`], {});
  }
  process.exit(exitCode);
}

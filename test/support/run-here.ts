import type { main as Main } from "../../src/cli/main.js";

/** What a run of the command line did. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  /** Standard error, without what the GPU's library prints of its own. */
  readonly stderr: string;
}

type Write = typeof process.stdout.write;

/**
 * Runs the program's `main` in this process: as a process of its own would, but without the time that Node and the
 * driver need to start. One run at a time.
 */
export async function runHere(entry: string, args: readonly string[]): Promise<CliResult> {
  const { main } = (await import(entry)) as { main: typeof Main };
  const streams = [process.stdout, process.stderr] as const;
  const outputs = ["", ""];
  const restore = [keepListeners(process), ...streams.map(keepListeners), keepExitCode()];
  for (const [i, stream] of streams.entries()) {
    const { write } = stream;
    restore.push(() => {
      stream.write = write;
    });
    stream.write = ((chunk: string | Uint8Array, ...more: unknown[]) => {
      outputs[i] += typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
      for (const each of more) if (typeof each === "function") each();
      return true;
    }) as Write;
  }
  try {
    const code = await main([process.execPath, "metakernelgan", ...args]);
    const [stdout = "", stderr = ""] = outputs;
    return { code, stdout, stderr };
  } finally {
    for (const each of restore) each();
  }
}

/** Gives what removes the listeners that are added from now on. */
function keepListeners(emitter: NodeJS.EventEmitter): () => void {
  const before = new Map(emitter.eventNames().map((name) => [name, emitter.listeners(name)]));
  return () => {
    for (const name of emitter.eventNames()) {
      for (const listener of emitter.listeners(name)) {
        if (!before.get(name)?.includes(listener)) emitter.off(name, listener as () => void);
      }
    }
  };
}

/** A process of its own begins without an exit code. Gives what brings back this one's. */
function keepExitCode(): () => void {
  const { exitCode } = process;
  process.exitCode = undefined;
  return () => {
    process.exitCode = exitCode;
  };
}

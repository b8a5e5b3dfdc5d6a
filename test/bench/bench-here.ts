import { join } from "node:path";
import { main } from "../../bench/main.js";
import { ROOT } from "../support/root.js";

/** What the bench said and did. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  /** Its own lines on standard error. */
  readonly lines: readonly string[];
}

/** Runs the bench's `main` in this process. */
export async function benchHere(...args: string[]): Promise<Said> {
  const streams = [process.stdout, process.stderr] as const;
  const outputs = ["", ""];
  const writes = streams.map(({ write }) => write);
  for (const [i, stream] of streams.entries()) {
    stream.write = ((chunk: string | Uint8Array) => {
      outputs[i] += typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
      return true;
    }) as typeof stream.write;
  }
  try {
    const code = await main(args, join(ROOT, "bench/"));
    const [stdout = "", stderr = ""] = outputs;
    return { code, stdout, lines: stderr.split("\n").filter((line) => /^(bench|error):/.test(line)) };
  } finally {
    for (const [i, stream] of streams.entries()) stream.write = writes[i] as typeof stream.write;
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { serializeSafetensors } from "../../src/weights/safetensors.js";
import { absent, decodeResult, type Participant } from "../comparison/participant.js";
import { WORKLOADS, type WorkloadName } from "../comparison/workloads.js";
import type { Inputs } from "../harness/inputs.js";
import { busyShare } from "../measure/machine.js";

const ALL = Object.keys(WORKLOADS) as WorkloadName[];

/**
 * By default PyTorch's threads spin while they wait for each other, which is fastest on an idle machine. On one with other
 * work to do, a step then takes ten times as long, so there they sleep.
 */
async function environment(): Promise<NodeJS.ProcessEnv> {
  return (await busyShare()) < BUSY ? process.env : { OMP_WAIT_POLICY: "PASSIVE", ...process.env };
}

/** Share of a machine's time that others take, from which on it counts as busy. */
const BUSY = 0.25;

/** The script's answer to one line. */
interface Answer {
  readonly error?: string;
  readonly version: string;
  readonly threads: number;
  readonly device: string;
  readonly result: Readonly<Record<string, string>>;
  readonly ms: number;
}

/**
 * Opens the reference implementation, in processes that sleep while others are measured: one on the CPU, and one on CUDA
 * if PyTorch finds it.
 */
export async function openPyTorch(folder: string, inputs: Inputs): Promise<Participant[]> {
  const cpu = await open(folder, inputs, "cpu").catch((error: Error) =>
    absent("PyTorch, CPU", "", ALL, error.message),
  );
  const cuda = await open(folder, inputs, "cuda").catch(() => undefined);
  return cuda ? [cpu, cuda] : [cpu];
}

async function open(folder: string, inputs: Inputs, device: "cpu" | "cuda"): Promise<Participant> {
  const temporary = mkdtempSync(join(tmpdir(), "metakernelgan-bench-"));
  const file = join(temporary, "inputs.safetensors");
  writeFileSync(file, inputsFile(inputs));
  const python = process.env.PYTHON ?? "/usr/bin/python3";
  const child = spawn(python, [join(folder, "peers/pytorch.py"), file, device], { env: await environment() });
  const ask = conversation(child);
  const close = (): void => {
    child.stdin.end();
    rmSync(temporary, { recursive: true, force: true });
  };
  try {
    const { version, threads, device: name } = await ask({ hello: true });
    return {
      name: device === "cpu" ? `PyTorch, CPU, ${threads} threads` : `PyTorch, ${name}`,
      version,
      workloads: ALL,
      prepare: async (workload) => decodeResult((await ask({ prepare: workload })).result),
      sample: async (workload, times) => (await ask({ sample: workload, times })).ms,
      release: async () => {},
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function inputsFile({ tensors, patch, quarter, target, meta, resUNet }: Inputs): Uint8Array {
  const { evaluationWindows, ...task } = meta;
  const images = Object.entries(resUNet.images).map(([side, image]) => [`image${side}`, image]);
  const all = {
    ...tensors,
    ...resUNet.weights,
    ...Object.fromEntries(images),
    patch,
    quarter,
    target,
    ...task,
    evaluation_windows: evaluationWindows,
  };
  return serializeSafetensors({ tensors: new Map(Object.entries(all)), metadata: {} });
}

/** Asks the script, one line at a time. If the script has ended, the error is the last line that it wrote to stderr. */
function conversation(child: ChildProcess): (question: unknown) => Promise<Answer> {
  let errors = "";
  child.stderr?.on("data", (data) => {
    errors += data;
  });
  const ended = new Promise<never>((_, reject) => {
    child.on("error", reject);
    child.on("close", () => reject(new Error(errors.trim().split("\n").at(-1) || "Python ended")));
  });
  ended.catch(() => {});
  child.stdin?.on("error", () => {});
  const lines = (createInterface({ input: child.stdout as NodeJS.ReadableStream }) as Interface)[
    Symbol.asyncIterator
  ]();
  return async (question) => {
    child.stdin?.write(`${JSON.stringify(question)}\n`);
    const line = await Promise.race([lines.next(), ended]);
    const answer = line.done ? await ended : (JSON.parse(line.value) as Answer);
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  };
}

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

/** Whether PyTorch runs one operation after the other, or networks that torch.compile has compiled. */
export type PyTorchMode = "eager" | "compiled";

/** Endings of the participants' names. */
const ENDINGS: Readonly<Record<PyTorchMode, string>> = { eager: "", compiled: ", compiled" };

/**
 * Opens the reference implementation, in processes that sleep while others are measured: one on the CPU, and one on CUDA
 * if PyTorch finds it.
 */
export async function openPyTorch(folder: string, inputs: Inputs, mode: PyTorchMode): Promise<Participant[]> {
  const cpu = await open(folder, inputs, "cpu", mode).catch((error: Error) =>
    absent(`PyTorch, CPU${ENDINGS[mode]}`, "", ALL, error.message),
  );
  const cuda = await open(folder, inputs, "cuda", mode).catch(() => undefined);
  return cuda ? [cpu, cuda] : [cpu];
}

async function open(
  folder: string,
  inputs: Inputs,
  device: "cpu" | "cuda",
  mode: PyTorchMode,
): Promise<Participant> {
  const temporary = mkdtempSync(join(tmpdir(), "metakernelgan-bench-"));
  const file = join(temporary, "inputs.safetensors");
  writeFileSync(file, inputsFile(inputs));
  const python = process.env.PYTHON ?? "/usr/bin/python3";
  const args = [join(folder, "peers/pytorch.py"), file, device, mode];
  const ask = conversation(spawn(python, args, { env: await environment() }), python);
  const close = (): void => {
    ask.end();
    rmSync(temporary, { recursive: true, force: true });
  };
  try {
    const { version, threads, device: name } = await ask.about({ hello: true });
    return {
      name:
        device === "cpu"
          ? `PyTorch, CPU, ${threads} threads${ENDINGS[mode]}`
          : `PyTorch, ${name}${ENDINGS[mode]}`,
      version,
      workloads: ALL,
      prepare: async (workload) => decodeResult((await ask.about({ prepare: workload })).result),
      sample: async (workload, times) => (await ask.about({ sample: workload, times })).ms,
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

/** Asks the script, one line at a time. If the script has ended, the error says why. */
function conversation(
  child: ChildProcess,
  python: string,
): { readonly about: (question: unknown) => Promise<Answer>; readonly end: () => void } {
  let errors = "";
  child.stderr?.on("data", (data) => {
    errors += data;
  });
  const ended = new Promise<never>((_, reject) => {
    child.on("error", ({ message }) => reject(new Error(inWords(message, python))));
    child.on("close", () => reject(new Error(inWords(errors.trim().split("\n").at(-1) ?? "", python))));
  });
  ended.catch(() => {});
  child.stdin?.on("error", () => {});
  const lines = (createInterface({ input: child.stdout as NodeJS.ReadableStream }) as Interface)[
    Symbol.asyncIterator
  ]();
  const about = async (question: unknown): Promise<Answer> => {
    child.stdin?.write(`${JSON.stringify(question)}\n`);
    const line = await Promise.race([lines.next(), ended]);
    const answer = line.done ? await ended : (JSON.parse(line.value) as Answer);
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  };
  return { about, end: () => void child.stdin?.end() };
}

/** Why an interpreter ended, and what to do where a package or the interpreter itself is missing. */
function inWords(reason: string, python: string): string {
  const missing = /No module named '([^']+)'/.exec(reason)?.[1];
  if (missing) {
    return `${python} has no ${missing}: install torch and numpy for it, or set PYTHON to another interpreter`;
  }
  if (/\bENOENT\b|\bEACCES\b/.test(reason))
    return `${python} cannot be run: set PYTHON to an interpreter that has PyTorch`;
  return reason || `${python} ended without a word`;
}

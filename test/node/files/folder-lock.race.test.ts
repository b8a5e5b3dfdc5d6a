import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";

const RACER = fileURLToPath(new URL("lock-racer.js", import.meta.url));
const RACERS = 8;
/** More by hand: LOCK_ROUNDS=200. */
const ROUNDS = Number(process.env.LOCK_ROUNDS ?? 12);

interface Answer {
  readonly saw: "ready" | "held" | "shared" | "refused";
  readonly message?: string;
}

let folder = "";
const racers: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-race-"));
  // Plain JavaScript, for processes without a test runner.
  await build({
    configFile: false,
    logLevel: "silent",
    build: {
      outDir: folder,
      emptyOutDir: false,
      lib: {
        entry: fileURLToPath(new URL("../../../src/node/files/folder-lock.ts", import.meta.url)),
        formats: ["es"],
        fileName: () => "folder-lock.mjs",
      },
      rolldownOptions: { external: /^node:/ },
    },
  });
});

afterAll(async () => {
  for (const racer of racers) racer.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

async function startRacer(): Promise<ChildProcess> {
  const racer = fork(RACER, [pathToFileURL(join(folder, "folder-lock.mjs")).href]);
  racers.push(racer);
  await answer(racer);
  return racer;
}

const answer = async (racer: ChildProcess): Promise<Answer> => (await once(racer, "message"))[0] as Answer;

async function race(racer: ChildProcess, target: string, hold = false): Promise<Answer> {
  const said = answer(racer);
  racer.send({ folder: target, hold });
  return said;
}

/** A folder whose lock is that of a process that was killed while it held it. */
async function staleFolder(): Promise<string> {
  const stale = join(folder, "stale");
  await mkdir(stale);
  const holder = await startRacer();
  expect(await race(holder, stale, true)).toEqual({ saw: "held" });
  holder.kill("SIGKILL");
  await once(holder, "exit");
  return stale;
}

it(`gives a killed process's lock to one of ${RACERS} processes at a time, ${ROUNDS} times`, async () => {
  const stale = await staleFolder();
  const competing = await Promise.all(Array.from({ length: RACERS }, startRacer));
  for (let round = 0; round < ROUNDS; round++) {
    const target = join(folder, `round-${round}`);
    await cp(stale, target, { recursive: true });
    const answers = await Promise.all(competing.map((racer) => race(racer, target)));
    expect(answers.filter(({ saw }) => saw === "shared")).toEqual([]);
    expect(answers.filter(({ saw }) => saw === "held").length, `round ${round}`).toBeGreaterThan(0);
    for (const { saw, message } of answers)
      if (saw === "refused") expect(message).toMatch(/in use by process/);
  }
}, 300_000);

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { OutputError } from "../../../src/node/errors.js";
import { lockFolder } from "../../../src/node/files/folder-lock.js";
import { placeOfProcesses } from "../../../src/node/files/owner.js";
import { skipped } from "../../support/skip.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("holds a folder until it is given free", async () => {
  const unlock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${process.pid}`);
  await unlock();
  expect(await readdir(folder)).toEqual([]);
  await (await lockFolder(folder))();
});

/** Where the processes of this machine's claims run. */
const HERE = await placeOfProcesses();

const claim = (pid: number | undefined, begin = "", place = HERE): string =>
  join(folder, `lock-${pid}-${begin}-${place}-0123456789abcdef`);

it("respects a claim of another machine or container, whose processes it cannot see", async () => {
  const ended = spawn(process.execPath, ["-e", ""]);
  await once(ended, "exit");
  const foreign = claim(ended.pid, "", "0123abcd");
  await writeFile(foreign, "");
  await expect(lockFolder(folder)).rejects.toThrow(
    `in use by process ${ended.pid} of another machine or container: wait for it or stop it, or choose another folder (or delete ${foreign}`,
  );
  await rm(foreign);
});

it("respects another process while it lives, and not after it was killed", async () => {
  const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await writeFile(claim(other.pid), "");
  await expect(lockFolder(folder)).rejects.toThrow(OutputError);
  other.kill("SIGKILL");
  await once(other, "exit");
  const began = performance.now();
  await (await lockFolder(folder))();
  expect(performance.now() - began).toBeLessThan(500);
  expect(await readdir(folder)).toEqual([]);
});

it("does not hold what a module loaded twice, or a worker, holds in this process", async () => {
  await writeFile(claim(process.pid), "");
  await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${process.pid}`);
  await rm(claim(process.pid));
});

const otherSystem = skipped(
  process.platform !== "linux",
  "locks of processes that ended",
  "Only Linux says when a process began: run it there",
);

describe.skipIf(otherSystem)("on Linux", () => {
  it("does not count an earlier process with the number of a live one, as in containers", async () => {
    await writeFile(claim(process.pid, "1"), "");
    await (await lockFolder(folder))();
    expect(await readdir(folder)).toEqual([]);
  });

  it("does not count a process that was killed and that its parent has not noticed", async () => {
    // A shell that sleeps in its own place leaves its killed child a zombie; before that, it would notice.
    const parent = spawn("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"]);
    const [text] = await once(parent.stdout, "data");
    const pid = Number(String(text));
    await vi.waitFor(
      async () => expect(await readFile(`/proc/${parent.pid}/comm`, "utf8")).toBe("sleep\n"),
      20_000,
    );
    process.kill(pid, "SIGKILL");
    // On a busy machine it takes a while to die.
    await vi.waitFor(
      async () => expect(await readFile(`/proc/${pid}/stat`, "utf8")).toContain(") Z "),
      20_000,
    );
    expect(process.kill(pid, 0)).toBe(true);
    await writeFile(claim(pid), "");
    await (await lockFolder(folder))();
    parent.kill("SIGKILL");
  });
});

it("says where it cannot write", async () => {
  await expect(lockFolder(join(folder, "nothing"))).rejects.toThrow(OutputError);
});

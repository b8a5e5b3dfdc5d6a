import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Shards, writeShards } from "../../../../src/cli/commands/train/shared/write-shards.js";
import { temporaryName } from "../../../../src/node/files/temporary-names.js";

describe("writeShards", () => {
  let out = "";
  beforeEach(() => {
    out = join(mkdtempSync(join(tmpdir(), "shards-")), "samples");
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
  });
  afterEach(() => {
    rmSync(join(out, ".."), { recursive: true });
    vi.restoreAllMocks();
  });

  /** Entries of 12 samples that are their number, and a list of those that were made. */
  function counting(onMake: (number: number) => void = () => {}): { shards: Shards<number>; made: string[] } {
    const made: string[] = [];
    const make = async (number: number, shard: number): Promise<number> => {
      onMake(number);
      made.push(`${number} of ${shard}`);
      return number;
    };
    const encode = (entries: readonly number[], first: number): Uint8Array =>
      Uint8Array.of(first, ...entries);
    return { shards: { samplesOfEntry: 12, make, encode }, made };
  }
  const bytes = (name: string): number[] => [...readFileSync(join(out, name))];

  it("writes whole files that depend on their number alone", async () => {
    const { shards, made } = counting();
    await writeShards({ out, samples: 25 }, shards, new AbortController().signal);
    expect(readdirSync(out).sort()).toEqual(["000000.safetensors", "000001.safetensors"]);
    expect(made).toEqual(["0 of 0", "1 of 0", "2 of 1", "3 of 1"]);
    expect(bytes("000001.safetensors")).toEqual([2, 2, 3]);
  });

  it("removes what a killed call has left", async () => {
    mkdirSync(out);
    const dead = (await temporaryName(out)).replace(/-\d+-\d*-(?=[0-9a-f]{12}\.tmp$)/, "-4194305--");
    writeFileSync(dead, "half");
    await writeShards({ out, samples: 24 }, counting().shards, new AbortController().signal);
    expect(readdirSync(out)).toEqual(["000000.safetensors"]);
  });

  it("keeps complete files when it is stopped, and then makes only those that are missing", async () => {
    const abort = new AbortController();
    const stopped = counting((number) => {
      if (number === 2) abort.abort(new Error("stopped"));
    });
    await expect(writeShards({ out, samples: 48 }, stopped.shards, abort.signal)).rejects.toThrow("stopped");
    expect(readdirSync(out)).toEqual(["000000.safetensors"]);
    writeFileSync(join(out, "000000.safetensors"), Uint8Array.of(7));
    const { shards, made } = counting();
    await writeShards({ out, samples: 48 }, shards, new AbortController().signal);
    expect(made).toEqual(["2 of 1", "3 of 1"]);
    expect(bytes("000000.safetensors")).toEqual([7]);
  });
});

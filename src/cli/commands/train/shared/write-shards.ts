import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../../../../node/files/atomic-write.js";
import { makeOutputFolder } from "../../../../node/files/output-folder.js";
import { openProgress } from "../../../shared/terminal/progress.js";
import { print } from "../../../shared/terminal/report.js";
import { type SampleOptions, SHARD } from "./sample-options.js";

/** How the samples of a kind are made. What a shard holds depends on the seed and its number alone. */
export interface Shards<Entry> {
  /** Samples of an entry. */
  readonly samplesOfEntry: number;
  /**
   * @param number of the entry, counted over all shards.
   * @param shard that it belongs to.
   */
  make(number: number, shard: number): Promise<Entry>;
  /** @param first number of the first entry. */
  encode(entries: readonly Entry[], first: number): Uint8Array;
}

/**
 * Makes samples and writes them to numbered files of {@link SHARD}. Files of an earlier call are kept.
 * @throws the signal's reason if it is aborted; the files that are complete by then stay.
 */
export async function writeShards<Entry>(
  { out, samples }: Pick<SampleOptions, "out" | "samples">,
  { samplesOfEntry, make, encode }: Shards<Entry>,
  signal: AbortSignal,
): Promise<void> {
  await makeOutputFolder(out);
  const count = Math.ceil(samples / SHARD);
  const entriesOfShard = SHARD / samplesOfEntry;
  const progress = await openProgress({ total: count * SHARD, unit: "images" });
  try {
    for (let shard = 0; shard < count; shard++) {
      const path = join(out, `${String(shard).padStart(6, "0")}.safetensors`);
      if (existsSync(path)) continue;
      const first = shard * entriesOfShard;
      const entries: Entry[] = [];
      for (let number = first; number < first + entriesOfShard; number++) {
        signal.throwIfAborted();
        entries.push(await make(number, shard));
        progress.update((number + 1) * samplesOfEntry);
      }
      await writeFileAtomic(path, encode(entries, first));
    }
  } finally {
    progress.stop();
  }
  print(`${count * SHARD} samples are in ${out}.`);
}

import { join } from "node:path";
import type { Host } from "../hosts/host.js";
import { describeMachine, packageVersion } from "../measure/machine.js";
import { Recorder } from "../report/recorder.js";
import { FORMAT, OURS } from "../report/result/result.js";
import { type PlanOptions, planOf } from "./plan-options.js";

interface ResultOptions extends PlanOptions {
  readonly node?: boolean;
  readonly out: string;
}

/**
 * Begins the result of a host.
 * @param ending of its files' names, to tell several of one run apart.
 */
export async function startResult(
  host: Host,
  options: ResultOptions,
  folder: string,
  commit: string,
  ending = "",
): Promise<Recorder> {
  const adapter = await host.harness.adapter();
  const date = new Date().toISOString();
  const where = options.node ? "Node" : "Chrome";
  const stamp = date.slice(0, 19).replace(/:/g, "-");
  const name = `${where.toLowerCase()}-${adapter.kind}-${stamp}${ending}`;
  return Recorder.open(
    {
      format: FORMAT,
      date,
      host: where,
      adapter,
      commit,
      versions: { [OURS]: packageVersion(folder), Node: process.versions.node, ...host.versions },
      machine: describeMachine(),
      plan: planOf(options),
    },
    join(options.out, name),
  );
}

import { compareWorkload } from "../comparison/comparison.js";
import type { SamplingPlan } from "../comparison/interleave.js";
import { inHarness, type Participant } from "../comparison/participant.js";
import type { WorkloadName } from "../comparison/workloads.js";
import { makeInputs } from "../harness/inputs.js";
import { OURS } from "../report/result/result.js";
import { progress } from "./progress.js";
import { endRound, type Side } from "./side.js";

/** Names of this package's revisions among the participants, in the order of the sides. */
const REVISIONS = [OURS, `${OURS}, the other revision`];

/** Times workloads, each by this package's revisions and by the peers, by turns. */
export async function measureWorkloads(
  sides: readonly Side[],
  peers: readonly Participant[],
  names: readonly WorkloadName[],
  plan: SamplingPlan,
): Promise<void> {
  const inputs = makeInputs();
  const revisions: Participant[] = [];
  for (const [i, { harness, recorder }] of sides.entries()) {
    const version = recorder.result.versions.metakernelgan ?? "";
    const participant = inHarness(harness, await harness.ours(), version);
    revisions.push({ ...participant, name: REVISIONS[i] as string });
  }
  for (const workload of names) {
    const others = sides.map(({ recorder }) => recorder.result.workloads ?? []);
    const publish = (rows: Awaited<ReturnType<typeof compareWorkload>>): void => {
      for (const [i, { recorder }] of sides.entries()) {
        const own = rows
          .filter(({ name }) => !REVISIONS.includes(name) || name === REVISIONS[i])
          .map((row) => (row.name === REVISIONS[i] ? { ...row, name: OURS } : row));
        recorder.set({ workloads: [...(others[i] ?? []), { workload, rows: own }] });
      }
    };
    const participants = [...revisions, ...peers];
    const rows = await compareWorkload(workload, participants, inputs, plan, progress, async (rows) => {
      publish(rows);
      await endRound(sides);
    });
    publish(rows);
  }
}

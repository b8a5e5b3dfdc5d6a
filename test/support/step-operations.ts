import { axpy } from "../../src/engine/ops/linear-algebra/axpy.js";
import { meanSquaredLoss } from "../../src/engine/ops/losses/mean-squared-loss.js";
import { crop } from "../../src/engine/ops/rearrange/crop.js";
import { padReplicate } from "../../src/engine/ops/rearrange/pad-replicate.js";
import { adam } from "../../src/engine/optimizers/adam.js";
import { muon } from "../../src/engine/optimizers/muon.js";
import { Parameters } from "../../src/engine/optimizers/parameters.js";
import { sgd } from "../../src/engine/optimizers/sgd.js";
import { writeHistoryRow } from "../../src/engine/recording/history.js";
import type { StepCounter } from "../../src/engine/recording/step-counter.js";
import type { Tape } from "../../src/engine/recording/tape.js";
import { kernelConstraints } from "../../src/model/losses/kernel-constraints.js";
import { correctSpectrum } from "../../src/model/usrnet/data-step.js";
import { averageWeights } from "../../src/train/guided/operations/average-weights.js";

/** Steps that the tables of {@link STEP_OPERATIONS} hold. */
export const STEPS = 3;

/** For each shader that looks up a row of a table by the step: a recording of its operation. */
export const STEP_OPERATIONS = {
  average_weights: (tape: Tape, counter: StepCounter) =>
    averageWeights(tape, tape.tensor([4]), tape.tensor([STEPS]), counter, tape.tensor([4])),
  axpy: (tape: Tape, counter: StepCounter) =>
    axpy(tape, tape.tensor([4]), tape.tensor([STEPS]), counter, tape.tensor([4])),
  mean_squared_loss: (tape: Tape, counter: StepCounter) => {
    const weights = tape.tensor([STEPS], "weights");
    const x = tape.tensor([4]);
    const loss = meanSquaredLoss(tape, x, tape.tensor([4]), { weights, counter });
    tape.backward([{ loss, weight: 1 }], [x]);
  },
  crop: (tape: Tape, counter: StepCounter) => {
    const offsets = tape.constant(new Uint32Array(2 * STEPS));
    crop(tape, tape.tensor([1, 4, 4]), { offsets, counter, size: 2 });
  },
  pad_replicate: (tape: Tape, counter: StepCounter) => {
    const values = tape.tensor([STEPS, 2]);
    padReplicate(tape, tape.tensor([2, 1, 4, 4]), [4, 4], { channel: { values, counter } });
  },
  adam: (tape: Tape, counter: StepCounter) => {
    const parameters = new Parameters(tape.engine, [{ name: "a", shape: [4] }], "parameters");
    adam(tape, parameters, tape.tensor([64]), counter, STEPS, { rate: 1 });
  },
  muon: (tape: Tape, counter: StepCounter) => {
    const parameters = new Parameters(tape.engine, [{ name: "a", shape: [2, 2, 1, 1] }], "parameters");
    muon(tape, parameters, tape.tensor([64]), counter, STEPS, { rate: () => 1 });
  },
  sgd: (tape: Tape, counter: StepCounter) => {
    const parameters = new Parameters(tape.engine, [{ name: "a", shape: [4] }], "parameters");
    sgd(tape, parameters, { rates: tape.tensor([STEPS]) }, counter);
  },
  kernel_constraints: (tape: Tape, counter: StepCounter) => {
    const weights = tape.tensor([STEPS, 4]);
    const k = tape.tensor([2, 2]);
    const options = { weights, counter, penalty: tape.tensor([2, 2]), center: 0, power: 1 };
    tape.backward([{ loss: kernelConstraints(tape, k, options), weight: 1 }], [k]);
  },
  fourier_data_step: (tape: Tape, counter: StepCounter) => {
    const [spectrum, blur] = [tape.tensor([2, 2, 2, 2]), tape.tensor([2, 4, 3, 2])];
    const observation = { spectrum, blur, scale: 2, size: [2, 2] as const, counter };
    correctSpectrum(tape, tape.tensor([2, 4, 3, 2]), { ...observation, alphas: tape.tensor([STEPS, 2]) });
  },
  write_history_row: (tape: Tape, counter: StepCounter) => {
    writeHistoryRow(tape, tape.tensor([5]), counter, tape.tensor([STEPS, 5], "history"));
  },
};

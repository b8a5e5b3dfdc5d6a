import shader from "../../shaders/optimizers/muon.wgsl";
import { EngineError } from "../errors.js";
import type { StepCounter } from "../recording/step-counter.js";
import type { Tape } from "../recording/tape.js";
import type { Tensor } from "../tensors/tensor.js";
import { type AdamOptions, type AdamState, adam } from "./adam.js";
import type { Parameters } from "./parameters.js";

/** As in the shader. */
const MAX_ROWS = 64;

/** Options of {@link muon}: the rate of both, and Adam's others. */
export interface MuonOptions extends Omit<AdamOptions, "rate"> {
  /** The learning rate of each step from 0 on. An update's root mean square is about a fifth of it. */
  readonly rate: (step: number) => number;
}

/**
 * Muon (Jordan et al. 2024) for the weights [O, I, kH, kW] of convolutions, as matrices [O, I · kH · kW], and Adam for all other
 * parameters. Where Adam takes steps of the same size along all axes, Muon takes them along all singular vectors. Returns Adam's
 * moments; the first one holds the momentum of Muon.
 * @param parameters with those of Muon before all others.
 * @param gradient laid out as the parameters.
 * @param steps for how many steps, from 0 on, the program can run.
 * @throws {EngineError} if the parameters are in another order, or O exceeds 64 or I · kH · kW.
 */
export function muon(
  tape: Tape,
  parameters: Parameters,
  gradient: Tensor,
  counter: StepCounter,
  steps: number,
  options: MuonOptions,
): AdamState {
  const p = parameters.whole;
  const all = parameters.names.map((name) => parameters.get(name));
  const weights = all.filter(({ shape }) => shape.length === 4);
  const [last] = weights.slice(-1);
  const matrices = weights.map(({ start, shape: [rows = 0], size }) => [start, rows, size / rows] as const);
  const wrong = matrices.findIndex(([, rows, columns]) => rows > Math.min(columns, MAX_ROWS));
  if (!last || all.indexOf(last) >= weights.length || wrong >= 0) {
    const { label, shape } = weights[wrong] ?? all[0];
    throw new EngineError(
      `Muon wants weights of at most ${MAX_ROWS} channels before all other parameters; got ${label} [${shape}].`,
    );
  }
  const state = {
    first: tape.tensor(p.shape, "momentum"),
    second: tape.tensor(p.shape, "second moment"),
  };
  const rates = tape.constant(
    Float32Array.from({ length: steps }, (_, step) => options.rate(step)),
    "rates",
  );
  tape.dispatch({
    shader,
    bindings: {
      matrices: tape.constant(Uint32Array.from(matrices.flat()), "matrices"),
      p,
      g: gradient,
      m: state.first,
      x: tape.tensor([last.start + last.size], "orthogonalized"),
      squares: tape.tensor([matrices.length, 2, MAX_ROWS, MAX_ROWS], "products of rows"),
      rates,
      counter: counter.tensor,
    },
    index: counter.rowOf(rates, 1),
    workgroups: [matrices.length],
  });
  const [next] = all.slice(weights.length);
  if (next) {
    const rest = (tensor: Tensor): Tensor => tensor.view(next.start, [p.size - next.start]);
    const moments = { first: rest(state.first), second: rest(state.second) };
    adam(tape, { whole: rest(p) }, rest(gradient), counter, steps, { ...options, moments });
  }
  return state;
}

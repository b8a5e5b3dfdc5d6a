import { WeightsError } from "../../weights/errors.js";
import { requireTensors } from "../../weights/layouts/require-tensors.js";
import {
  hyperShapes,
  POLYNOMIALS,
  priorShapes,
  type UsrNetConfig,
} from "../../weights/layouts/usrnet-layout.js";
import type { WeightFile } from "../../weights/weight-file.js";

/** The authors' networks have 6 and 8. */
const MAX_ITERATIONS = 100;

/**
 * Reads the dimensions off the tensors of a file, and checks that all of them are there.
 * @throws {WeightsError} naming the first tensor that is missing or of another shape.
 */
export function configOf(file: WeightFile): UsrNetConfig {
  const shape = (name: string): readonly number[] => file.tensors.get(name)?.shape ?? [];
  const down = (level: number, index: number): number => shape(`p.m_down${level}.${index}.weight`)[0] ?? 0;
  let blocks = 0;
  while (file.tensors.has(`p.m_down1.${blocks}.res.0.weight`)) blocks++;
  const widths = [shape("p.m_head.weight")[0] ?? 0];
  for (let level = 1; down(level, blocks) > 0; level++) widths.push(down(level, blocks));
  const hyper = file.tensors.has(POLYNOMIALS) ? "polynomial" : "network";
  const config: UsrNetConfig = {
    widths,
    blocks,
    // A row for α and one for β; if there are more or one is alone, the tensor has not the shape that is required below.
    iterations: Math.min(
      (shape(hyper === "network" ? "h.mlp.4.bias" : POLYNOMIALS)[0] ?? 0) >> 1,
      MAX_ITERATIONS,
    ),
    firstGuess: file.metadata.firstGuess === "fourier" ? "fourier" : "nearest",
    hyper,
  };
  if (!widths[0] || !widths[1] || !config.iterations) {
    throw new WeightsError(
      "The weights file is not of a USRNet; give USRNet's weights, imported or our own.",
    );
  }
  const all = [...priorShapes(config), ...hyperShapes(config)];
  requireTensors(file, new Map(all.map((each) => [each.name, each.shape])), "USRNet");
  return config;
}

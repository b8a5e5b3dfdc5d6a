import { RandomStream } from "../../engine/random.js";
import { RANDOM_STREAMS } from "../../engine/random-streams.js";
import { sizeOf } from "../../engine/tensors/tensor.js";
import { mean } from "../../image/metrics/mean.js";
import {
  DISCRIMINATOR_CONVOLUTIONS,
  DISCRIMINATOR_PARAMETERS,
  DISCRIMINATOR_VECTORS,
} from "../../weights/layouts/gan-layout.js";
import type { GanWeights } from "./gan-weights.js";

const SIZE = 7;
const CENTER = (SIZE - 1) / 2;
const COLORS = 3;

/** Standard deviations of the filters, in pixels. */
const SCALES = [0.6, 0.8, 1.1, 1.5];
const ORIENTATIONS = 8;

/**
 * The one of the last features that says nothing of blur: no reading is taken from it while the discriminator is taught
 * blur. The last convolution begins with it alone, so that an adaptation begins without an opinion on which blur is real.
 */
export const NEUTRAL_CHANNEL = 63;

/**
 * An initialization of the discriminator that is to learn what blur looks like: its first convolution is a bank of oriented filters, the
 * first and second derivatives of Gaussians of four sizes along eight directions, on gray; the second hands them on; the last reads
 * {@link NEUTRAL_CHANNEL}; those between are random, normal with variance 1 / inputs. How strongly neighboring scales and crossing directions go together tells a blur,
 * and a random first layer finds such filters only after long, the diagonal ones hardly at all.
 */
export function discriminatorInitialization(seed: number): GanWeights {
  const weights = new Map<string, Float32Array>();
  for (const { name, shape } of DISCRIMINATOR_PARAMETERS) {
    const scale = name.includes(".bn.") && name.endsWith("weight");
    weights.set(name, new Float32Array(sizeOf(shape)).fill(scale ? 1 : 0));
  }
  for (const { name, shape } of DISCRIMINATOR_VECTORS) {
    weights.set(name, new Float32Array(sizeOf(shape)).fill(1 / Math.sqrt(sizeOf(shape))));
  }
  DISCRIMINATOR_CONVOLUTIONS.forEach((shape, layer) => {
    weights.set(`discriminator.conv.${layer}.weight_orig`, convolution(layer, shape, seed));
  });
  return weights;
}

function convolution(layer: number, shape: readonly number[], seed: number): Float32Array {
  if (layer === 0) return filters();
  const inputs = shape[1] as number;
  if (layer === 1) {
    return Float32Array.from({ length: sizeOf(shape) }, (_, i) => (i % (inputs + 1) === 0 ? 1 : 0));
  }
  if (layer === DISCRIMINATOR_CONVOLUTIONS.length - 1) {
    return Float32Array.from({ length: inputs }, (_, channel) => (channel === NEUTRAL_CHANNEL ? 1 : 0));
  }
  const random = new RandomStream(seed, RANDOM_STREAMS.discriminatorInitialization + layer);
  return Float32Array.from({ length: sizeOf(shape) }, () => random.normal() / Math.sqrt(inputs));
}

/** [64, 3, 7, 7]: for each scale and direction the first and the second derivative, of sum 0 and length 1. */
function filters(): Float32Array {
  const planes = SCALES.flatMap((scale) =>
    Array.from({ length: ORIENTATIONS }, (_, i) => {
      const angle = (i * Math.PI) / ORIENTATIONS;
      return [
        derivative(scale, angle, (along) => along),
        derivative(scale, angle, (along) => along ** 2 - 1),
      ];
    }).flat(),
  );
  return Float32Array.from(
    planes.flatMap((plane) =>
      Array.from({ length: COLORS }, () => plane.map((tap) => tap / Math.sqrt(COLORS))).flat(),
    ),
  );
}

/** A Gaussian times a polynomial of the distance along a direction, in standard deviations. */
function derivative(scale: number, angle: number, polynomial: (along: number) => number): number[] {
  const taps = Array.from({ length: SIZE ** 2 }, (_, i) => {
    const [x, y] = [((i % SIZE) - CENTER) / scale, (Math.floor(i / SIZE) - CENTER) / scale];
    return polynomial(Math.cos(angle) * x + Math.sin(angle) * y) * Math.exp(-(x * x + y * y) / 2);
  });
  const average = mean(taps);
  const balanced = taps.map((tap) => tap - average);
  const length = Math.hypot(...balanced);
  return balanced.map((tap) => tap / length);
}

// TensorFlow.js: NHWC images and HWIO weights, gradients by valueAndGrads, a hand-written SGD; nothing is read back between
// steps. It has no compiler, so every operation is a dispatch.
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import "@tensorflow/tfjs-backend-webgpu";

const GENERATOR_RATE = 0.01;
const DISCRIMINATOR_RATE = 0.2;
const SUM_TO_ONE = 0.5;

/** @type {import("../comparison/workloads.js").Implementation<import("../harness/inputs.js").Inputs>} */
export default {
  name: "tfjs",
  async open() {
    if (!(await tf.setBackend("webgpu"))) throw new Error("tfjs opened no WebGPU backend");
    await tf.ready();
  },
  workloads: {
    "discriminator-forward": async (inputs) => {
      const { discriminator, vectors } = parameters(inputs);
      const x = image(inputs.quarter);
      return carried(vectors, (u) => {
        const spectra = powerIterations(discriminator, u);
        return [{ map: discriminate(discriminator, spectra, x) }, vectorsOf(spectra)];
      });
    },
    "discriminator-gradient": async (inputs) => {
      const { discriminator, vectors } = parameters(inputs);
      const names = inputs.discriminator;
      const x = image(inputs.quarter);
      return carried(vectors, (u) => {
        const spectra = powerIterations(discriminator, u);
        const { value, gradients } = differentiate(names, discriminator, (d) =>
          distance(discriminate(d, spectra, x), 1),
        );
        return [{ loss: value, ...gradients }, vectorsOf(spectra)];
      });
    },
    "generator-gradient": async (inputs) => {
      const { generator } = parameters(inputs);
      const [patch, target] = [colors(inputs.patch), colors(inputs.target)];
      return carried([], () => {
        const { value, gradients } = differentiate(inputs.generator, generator, (g) =>
          downscale(g, patch).sub(target).abs().sum(),
        );
        return [{ loss: value, ...gradients }, []];
      });
    },
    "adaptation-step": (inputs) => adaptation(inputs, byLayers),
    "adaptation-step-layers": (inputs) => adaptation(inputs, byLayers),
    "adaptation-step-collapsed": (inputs) => adaptation(inputs, collapsed),
  },
};

/** Both networks as dictionaries by the names of the parameters, and the vectors u of the power iterations. */
function parameters({ tensors, generator, discriminator }) {
  const pick = (names) => Object.fromEntries(names.map((name) => [name, parameter(tensors[name])]));
  return {
    generator: pick(generator),
    discriminator: pick(discriminator),
    vectors: Array.from({ length: 7 }, (_, n) => {
      const { shape, data } = tensors[`discriminator.conv.${n}.weight_u`];
      return tf.tensor(data, [1, ...shape]);
    }),
  };
}

/** A convolution's weights go from [out, in, h, w] to [h, w, in, out]. */
function parameter({ shape, data }) {
  return tf.tidy(() => {
    const tensor = tf.tensor(data, shape);
    return shape.length === 4 ? tensor.transpose([2, 3, 1, 0]) : tensor;
  });
}

/** [3, H, W] → one item [1, H, W, 3]. */
function image({ shape, data }) {
  return tf.tidy(() => tf.tensor(data, [1, ...shape]).transpose([0, 2, 3, 1]));
}

/** [3, H, W] → three items [3, H, W, 1]. */
function colors({ shape, data }) {
  return tf.tensor(data, [...shape, 1]);
}

function normalize(x) {
  return x.div(tf.maximum(x.square().sum().sqrt(), 1e-12));
}

/** The weight as the matrix [in · h · w, out] in memory order. The rows are a permutation of PyTorch's columns. */
function matrixOf(weight) {
  return weight.reshape([-1, weight.shape[3]]);
}

/** A power iteration of every layer: u [1, out] and v [1, in · h · w], constants for the gradient. */
function powerIterations(d, vectors) {
  return vectors.map((before, n) => {
    const matrix = matrixOf(d[`discriminator.conv.${n}.weight_orig`]);
    const v = normalize(tf.matMul(before, matrix, false, true));
    return { u: normalize(tf.matMul(v, matrix)), v };
  });
}

/** [1, 32, 32, 3] → the map [1, 26, 26, 1] */
function discriminate(d, spectra, patch) {
  return spectra
    .reduce((x, { u, v }, n) => {
      const weight = d[`discriminator.conv.${n}.weight_orig`];
      const sigma = tf.matMul(v, matrixOf(weight)).mul(u).sum();
      const y = tf.conv2d(x, weight.div(sigma), 1, "valid").add(d[`discriminator.conv.${n}.bias`]);
      if (n === 0 || n === 6) return y;
      const { mean, variance } = tf.moments(y, [0, 1, 2]);
      const [shift, scale] = [d[`discriminator.bn.${n - 1}.bias`], d[`discriminator.bn.${n - 1}.weight`]];
      return tf.batchNorm(y, mean, variance, shift, scale, 1e-5).relu();
    }, patch)
    .sigmoid();
}

function distance(map, target) {
  return map.sub(target).abs().mean();
}

/** Value and gradients by name of a function of named tensors. */
function differentiate(names, tensors, f) {
  const { value, grads } = tf.valueAndGrads((...list) =>
    f(Object.fromEntries(names.map((name, i) => [name, list[i]]))),
  )(names.map((name) => tensors[name]));
  return { value, gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]])) };
}

function layers(g) {
  return Array.from({ length: 6 }, (_, n) => g[`generator.${n}.weight`]);
}

function padCircular(x, by) {
  const [items, height, width, channels] = x.shape;
  const rows = tf.concat([x.slice([0, height - by], [items, by]), x, x.slice([0, 0], [items, by])], 1);
  return tf.concat(
    [
      rows.slice([0, 0, width - by], [items, height + 2 * by, by, channels]),
      rows,
      rows.slice([0, 0, 0], [items, height + 2 * by, by, channels]),
    ],
    2,
  );
}

/** [3, 64, 64, 1] → [3, 32, 32, 1] */
function downscale(g, patch) {
  return layers(g).reduce(
    (x, weight, n) => tf.conv2d(x, weight, n === 5 ? 2 : 1, "valid"),
    padCircular(patch, 5),
  );
}

/** The fake patch and the sum of the kernel, layer by layer: the kernel is the response to an impulse. */
function byLayers(g, patch) {
  const impulse = tf.pad(tf.ones([1, 1, 1, 1]), [
    [0, 0],
    [10, 10],
    [10, 10],
    [0, 0],
  ]);
  const response = layers(g).reduce((x, weight) => tf.conv2d(x, weight, 1, "valid"), impulse);
  return { fake: downscale(g, patch), sum: response.sum() };
}

/** The same with one kernel, composed from the single output back to the input. */
function collapsed(g, patch) {
  const kernel = layers(g).reduceRight(
    (v, weight) => {
      const side = v.shape[1] + weight.shape[0] - 1;
      return tf.conv2dTranspose(v, weight, [1, side, side, weight.shape[2]], 1, "valid");
    },
    tf.ones([1, 1, 1, 1]),
  );
  const filter = kernel.transpose([1, 2, 0, 3]);
  return { fake: tf.conv2d(padCircular(patch, 5), filter, 2, "valid"), sum: kernel.sum() };
}

function descend(tensors, gradients, rate) {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, tensor.sub(gradients[name].mul(rate))]),
  );
}

/** One step of both networks. */
async function adaptation(inputs, generate) {
  const patch = colors(inputs.patch);
  const real = image(inputs.quarter);
  const toImage = (fake) => fake.transpose([3, 1, 2, 0]);
  const step = ({ generator, discriminator, vectors }) => {
    const spectra = powerIterations(discriminator, vectors);
    const losses = [];
    const turn = differentiate(inputs.generator, generator, (g) => {
      const { fake, sum } = generate(g, patch);
      const adversarial = distance(discriminate(discriminator, spectra, toImage(fake)), 1);
      const sumToOne = sum.sub(1).abs().mul(SUM_TO_ONE);
      losses.push(tf.keep(adversarial), tf.keep(sumToOne));
      return adversarial.add(sumToOne);
    });
    const updated = descend(generator, turn.gradients, GENERATOR_RATE);
    const fake = toImage(generate(updated, patch).fake);
    const onReal = powerIterations(discriminator, vectorsOf(spectra));
    const onFake = powerIterations(discriminator, vectorsOf(onReal));
    const { value, gradients } = differentiate(inputs.discriminator, discriminator, (d) =>
      distance(discriminate(d, onReal, real), 1)
        .add(discriminate(d, onFake, fake).mean())
        .mul(0.5),
    );
    const next = {
      generator: updated,
      discriminator: descend(discriminator, gradients, DISCRIMINATOR_RATE),
      vectors: vectorsOf(onFake),
    };
    return [[...losses, value], next];
  };
  return carried(parameters(inputs), step, async (next) => {
    const before = next();
    const { generator, discriminator } = before.state;
    const weights = await read({ ...generator, ...discriminator });
    const losses = [...before.output, ...next().output];
    const values = await Promise.all(losses.map((loss) => loss.data()));
    tf.dispose(losses);
    return { losses: Float32Array.from(values, ([value]) => value), ...weights };
  });
}

/** The vectors for the next power iteration. */
function vectorsOf(spectra) {
  return spectra.map(({ u }) => u);
}

/**
 * A task that carries a state from run to run.
 * @param call state → [output, next state]
 * @param result returns the numbers to compare, given a function that takes the next step. By default the output of one step.
 */
function carried(start, call, result = async (next) => readOnce(next().output)) {
  let state = start;
  const next = () => {
    const before = state;
    const [output, after] = tf.tidy(() => call(before));
    tf.dispose(before);
    state = after;
    return { output, state };
  };
  return {
    result: () => result(next),
    async run(times) {
      let output = [];
      for (let time = 0; time < times; time++) {
        tf.dispose(output);
        ({ output } = next());
      }
      // A small readback submits everything and waits for it.
      await Object.values(output)[0].data();
      tf.dispose(output);
    },
    dispose: () => tf.dispose(state),
  };
}

async function readOnce(tensors) {
  const values = await read(tensors);
  tf.dispose(tensors);
  return values;
}

/** In the layout of the inputs: a convolution's weights go back to [out, in, h, w]. */
async function read(tensors) {
  const names = Object.keys(tensors);
  const data = await Promise.all(
    names.map(async (name) => {
      const turned = tf.tidy(() =>
        isWeight(name) ? tensors[name].transpose([3, 2, 0, 1]) : tensors[name].clone(),
      );
      const values = await turned.data();
      turned.dispose();
      return values;
    }),
  );
  return Object.fromEntries(names.map((name, i) => [name, Float32Array.from(data[i])]));
}

function isWeight(name) {
  return /^generator|weight_orig$/.test(name);
}

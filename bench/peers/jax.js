// jax-js: each workload is one jitted function, with value-and-grad and a hand-written SGD inside. jax-js counts references:
// a function consumes its arguments, and `.ref` keeps an array for later.
import {
  blockUntilReady,
  defaultDevice,
  getWebGPUDevice,
  init,
  jit,
  lax,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
} from "@jax-js/jax";

const GENERATOR_RATE = 0.01;
const DISCRIMINATOR_RATE = 0.2;
const SUM_TO_ONE = 0.5;

/** @type {import("../comparison/workloads.js").Implementation<import("../harness/inputs.js").Inputs>} */
export default {
  name: "jax-js",
  async open() {
    if (!(await init("webgpu")).includes("webgpu")) throw new Error("jax-js opened no WebGPU backend");
    defaultDevice("webgpu");
  },
  workloads: {
    "discriminator-forward": async (inputs) => {
      const { discriminator, vectors } = parameters(inputs);
      const x = image(inputs.quarter);
      const call = jit((d, u, patch) => discriminate(d, u, patch));
      return carried(
        vectors,
        (u) => call(tree.ref(discriminator), u, x.ref),
        (map) => ({ map }),
      );
    },
    "discriminator-gradient": async (inputs) => {
      const { discriminator, vectors } = parameters(inputs);
      const x = image(inputs.quarter);
      const loss = (d, u, patch) => {
        const [map, next] = discriminate(d, u, patch);
        return [distance(map, 1), next];
      };
      const call = jit((d, u, patch) => {
        const [[value, next], gradient] = valueAndGrad(loss, { hasAux: true })(d, u, patch);
        return [{ value, gradient }, next];
      });
      return carried(
        vectors,
        (u) => call(tree.ref(discriminator), u, x.ref),
        ({ value, gradient }) => ({ loss: value, ...named(inputs, gradient) }),
      );
    },
    "generator-gradient": async (inputs) => {
      const { generator } = parameters(inputs);
      const [patch, target] = [colors(inputs.patch), colors(inputs.target)];
      const loss = (g, x, t) => np.abs(downscale(g, x).sub(t)).sum();
      const call = jit((g, x, t) => valueAndGrad(loss)(g, x, t));
      return carried(
        null,
        () => {
          const [value, gradient] = call(tree.ref(generator), patch.ref, target.ref);
          return [{ value, gradient }, null];
        },
        ({ value, gradient }) => ({ loss: value, ...named(inputs, gradient) }),
      );
    },
    "adaptation-step": (inputs) => adaptation(inputs, byLayers),
    "adaptation-step-layers": (inputs) => adaptation(inputs, byLayers),
    "adaptation-step-collapsed": (inputs) => adaptation(inputs, collapsed),
  },
};

/** Both networks as dictionaries by the names of the parameters, and the vectors u of the power iterations. */
function parameters({ tensors, generator, discriminator }) {
  const pick = (names) => Object.fromEntries(names.map((name) => [name, array(tensors[name])]));
  return {
    generator: pick(generator),
    discriminator: pick(discriminator),
    vectors: Array.from({ length: 7 }, (_, n) => array(tensors[`discriminator.conv.${n}.weight_u`])),
  };
}

function array({ shape, data }) {
  return np.array(data.slice()).reshape([...shape]);
}

/** [3, H, W] → one item of three channels. */
function image({ shape, data }) {
  return array({ shape: [1, ...shape], data });
}

/** [3, H, W] → three items of one channel. */
function colors({ shape: [planes, height, width], data }) {
  return array({ shape: [planes, 1, height, width], data });
}

function normalize(x) {
  const norm = np.sqrt(np.square(x.ref).sum());
  return x.div(np.maximum(norm, 1e-12));
}

/** W / σ after one step of power iteration, and the new u. */
function spectral(weight, u) {
  const matrix = weight.ref.reshape([weight.shape[0], -1]);
  const constant = lax.stopGradient(matrix.ref);
  const v = normalize(np.matmul(u, constant.ref));
  const next = normalize(np.matmul(constant, v.ref));
  const sigma = np.dot(next.ref, np.matmul(matrix, v));
  return [weight.div(sigma), next];
}

function batchNormRelu(x, scale, shift) {
  const axes = [0, 2, 3];
  const centered = x.ref.sub(np.mean(x, axes, { keepdims: true }));
  const variance = np.mean(np.square(centered.ref), axes, { keepdims: true });
  const normal = centered.div(np.sqrt(variance.add(1e-5)));
  return nn.relu(normal.mul(scale.reshape([1, -1, 1, 1])).add(shift.reshape([1, -1, 1, 1])));
}

/** [1, 3, 32, 32] → the map [1, 1, 26, 26], and the new u. */
function discriminate(d, vectors, patch) {
  let x = patch;
  const next = [];
  for (let n = 0; n < 7; n++) {
    const [weight, u] = spectral(d[`discriminator.conv.${n}.weight_orig`], vectors[n]);
    next.push(u);
    x = lax.conv(x, weight, [1, 1], "VALID").add(d[`discriminator.conv.${n}.bias`].reshape([1, -1, 1, 1]));
    if (n >= 1 && n <= 5) {
      x = batchNormRelu(x, d[`discriminator.bn.${n - 1}.weight`], d[`discriminator.bn.${n - 1}.bias`]);
    }
  }
  return [nn.sigmoid(x), next];
}

function distance(map, target) {
  return np.abs(map.sub(target)).mean();
}

function layers(g) {
  return Array.from({ length: 6 }, (_, n) => g[`generator.${n}.weight`]);
}

function padCircular(x, by) {
  const [, , height, width] = x.shape;
  const rows = np.concatenate(
    [x.ref.slice([], [], [height - by, height]), x.ref, x.slice([], [], [0, by])],
    2,
  );
  return np.concatenate(
    [rows.ref.slice([], [], [], [width - by, width]), rows.ref, rows.slice([], [], [], [0, by])],
    3,
  );
}

/** [3, 1, 64, 64] → [3, 1, 32, 32] */
function downscale(g, patch) {
  return layers(g).reduce(
    (x, weight, n) => lax.conv(x, weight, n === 5 ? [2, 2] : [1, 1], "VALID"),
    padCircular(patch, 5),
  );
}

/** The fake patch and the sum of the kernel, layer by layer: the kernel is the response to an impulse. */
function byLayers(g, patch) {
  const impulse = np.pad(np.ones([1, 1, 1, 1]), [
    [0, 0],
    [0, 0],
    [10, 10],
    [10, 10],
  ]);
  const response = layers(tree.ref(g)).reduce((x, weight) => lax.conv(x, weight, [1, 1], "VALID"), impulse);
  return [downscale(g, patch), response.sum()];
}

/** The same with one kernel, composed from the single output back to the input. */
function collapsed(g, patch) {
  const kernel = layers(g).reduceRight(
    (v, weight) => {
      const side = weight.shape[2] - 1;
      const turned = np.flip(np.transpose(weight, [1, 0, 2, 3]), [2, 3]);
      return lax.convGeneralDilated(
        v,
        turned,
        [1, 1],
        [
          [side, side],
          [side, side],
        ],
      );
    },
    np.ones([1, 1, 1, 1]),
  );
  return [lax.conv(padCircular(patch, 5), kernel.ref, [2, 2], "VALID"), kernel.sum()];
}

function descend(weights, gradients, rate) {
  return tree.map((weight, gradient) => weight.sub(gradient.mul(rate)), weights, gradients);
}

/** One step of both networks as one jitted function. */
async function adaptation(inputs, generate) {
  const { generator, discriminator, vectors } = parameters(inputs);
  const patch = colors(inputs.patch);
  const real = image(inputs.quarter);
  const toImage = (fake) => np.transpose(fake, [1, 0, 2, 3]);

  const generatorLoss = (g, d, u, x) => {
    const [fake, sum] = generate(g, x);
    const [map, next] = discriminate(d, u, toImage(fake));
    const adversarial = distance(map, 1);
    const sumToOne = np.abs(sum.sub(1)).mul(SUM_TO_ONE);
    return [adversarial.ref.add(sumToOne.ref), { adversarial, sumToOne, next }];
  };
  const discriminatorLoss = (d, u, x, fake) => {
    const [onReal, between] = discriminate(tree.ref(d), u, x);
    const [onFake, next] = discriminate(d, between, fake);
    return [distance(onReal, 1).mul(0.5).add(np.abs(onFake).mean().mul(0.5)), next];
  };
  const call = jit((g, d, u, x, quarter) => {
    const [[total, { adversarial, sumToOne, next: between }], dg] = valueAndGrad(generatorLoss, {
      hasAux: true,
    })(tree.ref(g), tree.ref(d), u, x.ref);
    total.dispose();
    const updated = descend(g, dg, GENERATOR_RATE);
    const [fake, sum] = generate(tree.ref(updated), x);
    sum.dispose();
    const [[loss, next], dd] = valueAndGrad(discriminatorLoss, { hasAux: true })(
      tree.ref(d),
      between,
      quarter,
      toImage(fake),
    );
    return [
      [adversarial, sumToOne, loss],
      [updated, descend(d, dd, DISCRIMINATOR_RATE), next],
    ];
  });

  let state = [generator, discriminator, vectors];
  const step = () => {
    const [losses, next] = call(...state, patch.ref, real.ref);
    state = next;
    return losses;
  };
  return {
    async result() {
      const first = step();
      const weights = await read({ ...tree.ref(state[0]), ...tree.ref(state[1]) });
      const values = await Promise.all([...first, ...step()].map((loss) => loss.data()));
      return { losses: Float32Array.from(values, ([value]) => value), ...weights };
    },
    async run(times) {
      for (let time = 0; time < times; time++) tree.dispose(await blockUntilReady(step()));
      await finished(state);
    },
    dispose: () => tree.dispose([state, patch, real]),
  };
}

/** A task that carries a state from run to run. The other output of `call` is the result. */
function carried(start, call, results) {
  let state = start;
  const step = () => {
    const [output, next] = call(state);
    state = next;
    return output;
  };
  return {
    result: () => read(results(step())),
    async run(times) {
      let output;
      for (let time = 0; time < times; time++) {
        tree.dispose(output);
        // This submits the step: an array that is disposed before anyone asks for it is never computed.
        output = await blockUntilReady(step());
      }
      await finished(output);
      tree.dispose(output);
    },
    dispose: () => tree.dispose(state),
  };
}

function named({ generator, discriminator }, gradient) {
  return Object.fromEntries(
    [...generator, ...discriminator].filter((name) => name in gradient).map((name) => [name, gradient[name]]),
  );
}

async function read(arrays) {
  const names = Object.keys(arrays);
  const data = await Promise.all(names.map((name) => arrays[name].data()));
  return Object.fromEntries(names.map((name, i) => [name, Float32Array.from(data[i])]));
}

/** Waits for the device: jax-js calls an array ready as soon as it is submitted. */
async function finished(arrays) {
  await blockUntilReady(arrays);
  await getWebGPUDevice().queue.onSubmittedWorkDone();
}

import { model, node } from "./format.js";

/**
 * USRNet's prior network, from x [1, 4, H, W] to image [1, 3, H, W]. The names of the weights, which are those of the
 * authors' code, give the number of levels and blocks.
 * @param {import("../../harness/inputs.js").ResUNetInputs["weights"]} weights
 */
export function resUNetModel(weights, shape) {
  const nodes = [];
  const add = (operation, from, to, attributes) => {
    nodes.push(node(operation, from, to, attributes));
    return to;
  };
  const convolve = (x, name) => add("Conv", [x, name], `${name} out`, { pads: [1, 1, 1, 1] });
  const block = (x, name) => {
    const inner = add("Relu", [convolve(x, `${name}.res.0.weight`)], `${name} inner`);
    return add("Add", [x, convolve(inner, `${name}.res.2.weight`)], `${name} sum`);
  };
  const blocks = (x, name) => {
    const numbers = Object.keys(weights).flatMap(
      (key) => key.match(new RegExp(`^${name}.(\\d+).res.0`))?.[1] ?? [],
    );
    return numbers.reduce((image, number) => block(image, `${name}.${number}`), x);
  };
  const resample = (operation, x, name) => {
    const weight = Object.keys(weights).find((key) => key.startsWith(name) && weights[key].shape[3] === 2);
    return add(operation, [x, weight], `${weight} out`, { strides: [2, 2] });
  };
  const levels = Object.keys(weights).filter((key) => /^p.m_up\d+.0.weight$/.test(key)).length;
  const numbers = Array.from({ length: levels }, (_, i) => i + 1);
  let x = convolve("x", "p.m_head.weight");
  const skipped = [x];
  for (const level of numbers) {
    x = resample("Conv", blocks(x, `p.m_down${level}`), `p.m_down${level}`);
    skipped.push(x);
  }
  x = blocks(x, "p.m_body");
  for (const level of numbers.toReversed()) {
    const sum = add("Add", [x, skipped.pop()], `sum ${level}`);
    x = blocks(resample("ConvTranspose", sum, `p.m_up${level}`), `p.m_up${level}`);
  }
  add("Conv", [add("Add", [x, skipped.pop()], "sum 0"), "p.m_tail.weight"], "image", { pads: [1, 1, 1, 1] });
  const [batch, , height, width] = shape;
  return model({
    nodes,
    initializers: weights,
    inputs: { x: shape },
    outputs: { image: [batch, 3, height, width] },
  });
}

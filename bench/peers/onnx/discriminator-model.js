import { model, node } from "./format.js";

/**
 * The map of a patch x [1, 3, 32, 32], with a power iteration in every layer: it takes the vectors u0 … u6, each [1, out],
 * and gives the next ones as next0 … next6. A BatchNorm of one item by its own statistics is an InstanceNormalization.
 * @param {import("../../harness/inputs.js").Inputs["tensors"]} tensors
 */
export function discriminatorModel(tensors) {
  const nodes = [];
  const initializers = { tiny: { shape: [1, 1], data: Float32Array.of(1e-12) } };
  const inputs = { x: [1, 3, 32, 32] };
  const outputs = { map: [1, 1, 26, 26] };
  const add = (operation, from, to, attributes) => {
    nodes.push(node(operation, from, to, attributes));
    return to;
  };
  const normalized = (x, to) => {
    add("ReduceL2", [x], `${to} norm`, { axes: [1], keepdims: 1 });
    add("Max", [`${to} norm`, "tiny"], `${to} divisor`);
    return add("Div", [x, `${to} divisor`], to);
  };
  let x = "x";
  for (let n = 0; n < 7; n++) {
    const conv = `discriminator.conv.${n}`;
    const { shape, data } = tensors[`${conv}.weight_orig`];
    const [rows] = shape;
    const columns = data.length / rows;
    inputs[`u${n}`] = outputs[`next${n}`] = [1, rows];
    initializers[`W${n}`] = { shape, data };
    initializers[`M${n}`] = { shape: [rows, columns], data };
    initializers[`T${n}`] = { shape: [columns, rows], data: transposed(data, rows, columns) };
    initializers[`b${n}`] = tensors[`${conv}.bias`];
    const v = normalized(add("MatMul", [`u${n}`, `M${n}`], `uW${n}`), `v${n}`);
    const product = add("MatMul", [v, `T${n}`], `vW${n}`);
    const next = normalized(product, `next${n}`);
    // Its shape is [1, 1], which broadcasts over the four dimensions of the weight.
    add("MatMul", [next, add("Transpose", [product], `Wv${n}`, { perm: [1, 0] })], `sigma${n}`);
    const weight = add("Div", [`W${n}`, `sigma${n}`], `normal${n}`);
    x = add("Conv", [x, weight, `b${n}`], n === 6 ? "logits" : `y${n}`, {});
    if (n === 0 || n === 6) continue;
    const norm = `discriminator.bn.${n - 1}`;
    initializers[`gamma${n}`] = tensors[`${norm}.weight`];
    initializers[`beta${n}`] = tensors[`${norm}.bias`];
    add("InstanceNormalization", [x, `gamma${n}`, `beta${n}`], `n${n}`, { epsilon: { float: 1e-5 } });
    x = add("Relu", [`n${n}`], `z${n}`);
  }
  add("Sigmoid", [x], "map");
  return model({ nodes, initializers, inputs, outputs });
}

function transposed(data, rows, columns) {
  return data.map((_, i) => data[(i % rows) * columns + Math.floor(i / rows)]);
}

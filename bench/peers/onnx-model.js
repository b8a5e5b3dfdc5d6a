// The discriminator as an ONNX file. The format is protobuf: a message is a list of (field number, wire type, value), and
// the numbers below are those of onnx.proto.

const VARINT = 0;
const BYTES = 2;
const FLOAT32 = 5;

const DATA_TYPE_FLOAT = 1;
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;
const IR_VERSION = 8;
const OPSET = 13;

function varint(value) {
  const bytes = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

function concatenated(parts) {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A field of an integer, a text, or a message (its bytes). */
function field(number, value) {
  if (typeof value === "number") return Uint8Array.from([...varint(8 * number + VARINT), ...varint(value)]);
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return concatenated([Uint8Array.from([...varint(8 * number + BYTES), ...varint(bytes.length)]), bytes]);
}

function floatField(number, value) {
  const bytes = new Uint8Array(Float32Array.of(value).buffer);
  return concatenated([Uint8Array.from(varint(8 * number + FLOAT32)), bytes]);
}

/** TensorProto */
function tensor(name, { shape, data }) {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return concatenated([
    ...shape.map((size) => field(1, size)),
    field(2, DATA_TYPE_FLOAT),
    field(8, name),
    field(9, raw),
  ]);
}

/** ValueInfoProto of floats */
function valueInfo(name, shape) {
  const dimensions = concatenated(shape.map((size) => field(1, field(1, size))));
  const type = concatenated([field(1, DATA_TYPE_FLOAT), field(2, dimensions)]);
  return concatenated([field(1, name), field(2, field(1, type))]);
}

/** AttributeProto of an integer, of integers, or (as `{ float }`) of a float */
function attribute(name, value) {
  if (typeof value === "number") {
    return concatenated([field(1, name), field(3, value), field(20, ATTRIBUTE_INT)]);
  }
  if (Array.isArray(value)) {
    return concatenated([field(1, name), ...value.map((v) => field(8, v)), field(20, ATTRIBUTE_INTS)]);
  }
  return concatenated([field(1, name), floatField(2, value.float), field(20, ATTRIBUTE_FLOAT)]);
}

/** NodeProto */
function node(operation, inputs, output, attributes = {}) {
  return concatenated([
    ...inputs.map((input) => field(1, input)),
    field(2, output),
    field(4, operation),
    ...Object.entries(attributes).map(([name, value]) => field(5, attribute(name, value))),
  ]);
}

/** ModelProto */
function model({ nodes, initializers, inputs, outputs }) {
  const graph = concatenated([
    ...nodes.map((bytes) => field(1, bytes)),
    field(2, "graph"),
    ...Object.entries(initializers).map(([name, value]) => field(5, tensor(name, value))),
    ...Object.entries(inputs).map(([name, shape]) => field(11, valueInfo(name, shape))),
    ...Object.entries(outputs).map(([name, shape]) => field(12, valueInfo(name, shape))),
  ]);
  return concatenated([field(1, IR_VERSION), field(7, graph), field(8, field(2, OPSET))]);
}

/**
 * The map of a patch x [1, 3, 32, 32], with a power iteration in every layer: it takes the vectors u0 … u6, each [1, out],
 * and gives the next ones as next0 … next6. A BatchNorm of one item by its own statistics is an InstanceNormalization.
 * @param {import("../laboratory/inputs.js").Inputs["tensors"]} tensors
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
  const normalised = (x, to) => {
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
    const v = normalised(add("MatMul", [`u${n}`, `M${n}`], `uW${n}`), `v${n}`);
    const product = add("MatMul", [v, `T${n}`], `vW${n}`);
    const next = normalised(product, `next${n}`);
    // Of the shape [1, 1], which divides a weight of four dimensions as it divides any.
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

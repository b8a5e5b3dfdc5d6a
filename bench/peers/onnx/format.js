// ONNX files. The format is protobuf: a message is a list of (field number, wire type, value), and
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

/** NodeProto; an attribute is an integer, an array of integers, or `{ float }`. */
export function node(operation, inputs, output, attributes = {}) {
  return concatenated([
    ...inputs.map((input) => field(1, input)),
    field(2, output),
    field(4, operation),
    ...Object.entries(attributes).map(([name, value]) => field(5, attribute(name, value))),
  ]);
}

/** ModelProto, the whole file: nodes in order, tensors by name, and the shapes of inputs and outputs by name. */
export function model({ nodes, initializers, inputs, outputs }) {
  const graph = concatenated([
    ...nodes.map((bytes) => field(1, bytes)),
    field(2, "graph"),
    ...Object.entries(initializers).map(([name, value]) => field(5, tensor(name, value))),
    ...Object.entries(inputs).map(([name, shape]) => field(11, valueInfo(name, shape))),
    ...Object.entries(outputs).map(([name, shape]) => field(12, valueInfo(name, shape))),
  ]);
  return concatenated([field(1, IR_VERSION), field(7, graph), field(8, field(2, OPSET))]);
}

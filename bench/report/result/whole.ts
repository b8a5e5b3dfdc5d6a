/**
 * The shape of something that was parsed: the name of a simple type, a list of one shape, an object of some (a name that ends
 * with "?" may be missing), or a function that tells.
 */
type Shape = string | readonly [Shape] | { readonly [name: string]: Shape } | ((value: unknown) => boolean);

/** A number that is not finite is null in JSON. */
const figure: Shape = (value) => typeof value === "number" || value === null;
const either =
  (...shapes: readonly Shape[]): Shape =>
  (value) =>
    shapes.some((shape) => fits(value, shape));
const map =
  (shape: Shape): Shape =>
  (value) =>
    fits(value, {}) && Object.values(value as object).every((each) => fits(each, shape));

const SUMMARY: Shape = { median: figure, p10: figure, p90: figure, samples: "number", values: [figure] };
const CANNOT: Shape = { cannot: "string" };
const RATE: Shape = { rate: "number", how: "string" };
const BANDWIDTH: Shape = { ...RATE, footprint: "number" };
const KERNEL: Shape = {
  name: "string",
  dispatches: "number",
  multiplyAdds: "number",
  bytes: "number",
  time: SUMMARY,
};

/** A result of the bench, as in its JSON file. */
const RESULT: Shape = {
  date: (value) => typeof value === "string" && !Number.isNaN(Date.parse(value)),
  host: (value) => ["Chrome", "Node", "page"].includes(value as string),
  adapter: {
    name: "string",
    kind: "string",
    driver: "string",
    features: ["string"],
    limits: map("number"),
    subgroupSizes: ["number"],
    boundsChecks: "boolean",
  },
  commit: "string",
  versions: map("string"),
  machine: { processor: "string", cores: "number", memoryGiB: "number", system: "string", "load?": "number" },
  plan: { samples: "number", budget: "number", atLeast: "number", error: "number", believed: "number" },
  "control?": ["number"],
  "roofline?": { arithmetic: RATE, cache: BANDWIDTH, memory: BANDWIDTH, skipped: ["string"] },
  "rooflineDrift?": { arithmetic: figure, cache: figure, memory: figure },
  "probes?": [
    {
      title: "string",
      rows: [either({ name: "string", unit: "string", value: figure }, { name: "string", ...CANNOT })],
    },
  ],
  "intensity?": [{ intensity: "number", rate: "number" }],
  "profiles?": [
    { title: "string", profile: either(CANNOT, { kernels: [KERNEL], clock: "string", tick: figure }) },
  ],
  "jobs?": [{ name: "string", unit: "string", time: SUMMARY }],
  "workloads?": [
    {
      workload: "string",
      rows: [
        either(
          { name: "string", version: "string", time: SUMMARY, runs: "number" },
          { name: "string", version: "string", ...CANNOT },
          { name: "string", version: "string", wrong: "string" },
        ),
      ],
    },
  ],
  "scaling?": [
    {
      over: "string",
      measures: [{ name: "string", unit: "string" }],
      points: [{ at: "number", times: [SUMMARY] }],
    },
  ],
};

/** Whether something that was parsed has all parts of a result, and each of its type. */
export function isWholeResult(value: unknown): boolean {
  return fits(value, RESULT);
}

function fits(value: unknown, shape: Shape): boolean {
  if (typeof shape === "string") return typeof value === shape;
  if (typeof shape === "function") return shape(value);
  if (isList(shape)) return Array.isArray(value) && value.every((each) => fits(each, shape[0]));
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const parts = value as Readonly<Record<string, unknown>>;
  return Object.entries(shape).every(([name, part]) => {
    const optional = name.endsWith("?");
    const found = parts[optional ? name.slice(0, -1) : name];
    return (optional && found === undefined) || fits(found, part);
  });
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

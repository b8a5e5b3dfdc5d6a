import swcVisitor from "@swc/core/Visitor.js";

// dependency-cruiser walks what swc parses with swc's visitor, which does not know `using` yet.
const { visitStatement } = swcVisitor.Visitor.prototype;
swcVisitor.Visitor.prototype.visitStatement = function (statement) {
  if (statement.type !== "UsingDeclaration") return visitStatement.call(this, statement);
  this.visitVariableDeclarators(statement.decls);
  return statement;
};

/** The rooms of src from the ground up. A room imports from itself and from the rows above its own, never from its neighbors. */
const ROWS = [
  ["shaders"],
  ["engine"],
  ["image"],
  ["kernel"],
  ["weights"],
  ["model"],
  ["estimate", "upscale"],
  ["pipeline"],
  ["benchmark", "embed", "train"],
  ["node"],
  ["cli"],
];

/** A room is a folder of src, or a single file. `src/node.ts` is neither: it is the entry to Node's part. */
const rooms = (names) => `^src/(${names.join("|")})(/|\\.ts$)`;

const directions = ROWS.flatMap((row, index) =>
  row.map((room) => {
    const below = [room, ...ROWS.slice(0, index).flat()];
    return {
      name: `${room}-imports-downwards`,
      comment: `src/${room} may import from ${below.join(", ")} only.`,
      severity: "error",
      from: { path: rooms([room]), pathNot: "^src/node\\.ts$" },
      to: { path: "^src/", pathNot: rooms(below) },
    };
  }),
);

const BELOW_WEB = ROWS.slice(0, ROWS.findIndex((row) => row.includes("pipeline")) + 1).flat();
const CORE = [...BELOW_WEB, "benchmark", "embed", "train"];

export default {
  forbidden: [
    {
      name: "no-circles",
      comment: "Imports go one way. Imports of types count: a reader follows them too.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    ...directions,
    {
      name: "web-imports-downwards",
      comment: `src/web may import from ${BELOW_WEB.join(", ")} only.`,
      severity: "error",
      from: { path: "^src/web/" },
      to: { path: "^src/", pathNot: rooms([...BELOW_WEB, "web"]) },
    },
    {
      name: "entries-without-node",
      comment: "Whatever a page imports must not lead to Node's part.",
      severity: "error",
      from: { path: "^src/(index|worker|engine/index)\\.ts$" },
      to: { path: "^(src/(node|cli)(/|\\.ts$)|node:)", reachable: true },
    },
    {
      name: "core-without-packages",
      comment: "The core runs in a page as it is: it imports neither packages nor Node's modules.",
      severity: "error",
      from: { path: [rooms([...CORE, "web"]), "^src/(index|worker)\\.ts$"] },
      to: {
        dependencyTypes: ["core", "npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"],
      },
    },
    {
      name: "product-alone",
      comment: "The product imports nothing of its tests, bench and tools.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(test|bench|tools)/" },
    },
    {
      name: "gpu-tests-by-name",
      comment: "A test that needs a GPU is a .gpu.test.ts, so that `npm run test:unit` runs without one.",
      severity: "error",
      from: { path: "^test/.*\\.test\\.ts$", pathNot: "\\.gpu\\.test\\.ts$|^test/(cli|web)/[^/]+$" },
      to: { path: "^(test/support/engine|src/node/device/create-engine)\\.ts$" },
    },
    {
      name: "no-dev-dependencies",
      comment: "What the product imports, it installs.",
      severity: "error",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // The bench builds its own bundles.
    exclude: { path: "^bench/dist/" },
    parser: "swc",
    tsConfig: { fileName: "tsconfig/base.json" },
  },
};

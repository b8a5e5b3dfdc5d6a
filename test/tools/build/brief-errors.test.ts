import { parseAst } from "vite";
import { expect, it } from "vitest";
import { briefErrors } from "../../../tools/build/brief-errors-plugin.js";

/** What the plugin makes of a file. */
function brief(id: string, code: string): string {
  const transform = briefErrors().transform as unknown as (
    this: { parse: typeof parseAst },
    code: string,
    id: string,
  ) => { code: string } | null;
  return transform.call({ parse: parseAst }, code, id)?.code ?? code;
}

it("leaves out the texts that the page never shows, with all that only they need", () => {
  const code =
    'if (bad) throw new WeightsError("Tensor " + names.join(", ") + size(1), { cause });\nfail(new ShapeError("one" + new ShapeError("two")));';
  expect(brief("/src/weights/safetensors.ts", code)).toBe(
    "if (bad) throw new WeightsError();\nfail(new ShapeError());",
  );
  const pixels = 'throw new ImageError("An ImageData is not an RgbImage.");';
  expect(brief("/src/image/assert-rgb-image.ts", pixels)).toBe("throw new ImageError();");
});

it("leaves out the checks of a programmer's mistakes alone", () => {
  const check = 'if (size(x) !== 4) throw new ShapeError("Sizes " + size(x));';
  expect(brief("/src/engine/ops/add.ts", `${check} run(x);`)).toBe("; run(x);");
  const block =
    'for (const each of all) if (bad(each)) { throw shapeError("add", "sizes", [each]); }\nrun();';
  expect(brief("/src/engine/ops/add.ts", block)).toBe("for (const each of all) ;\nrun();");
  const binding = "if (a) use(a); else if (b) throw new BindingError(text);";
  expect(brief("/src/engine/device/bindings.ts", binding)).toBe("if (a) use(a); else ;");
  for (const kept of [
    "if (bad) throw new StepRangeError();",
    "if (bad) { free(x); throw new ShapeError(); }",
    "if (bad) throw new ShapeError(); else run();",
    "if (good) run(); else throw new ShapeError();",
  ]) {
    expect(brief("/src/engine/tape.ts", kept)).toBe(kept);
  }
});

it("keeps the texts of other errors, and those of the page itself", () => {
  const image = 'throw new ImageError("The image has no pixels.");';
  expect(brief("/src/image/crop-image.ts", image)).toBe(image);
  const weights = 'throw new WeightsError("Reload the page.");';
  expect(brief("/src/web/worker/weights.ts", weights)).toBe(weights);
  const disposed = 'throw new EngineError("This engine was disposed; create another.");';
  expect(brief("/src/engine/device/engine.ts", disposed)).toBe(disposed);
});

it("leaves out those of kernels, which the page never causes", () => {
  const kernel = 'throw new KernelError("A blur kernel must be square.");';
  expect(brief("/src/kernel/blur-kernel.ts", kernel)).toBe("throw new KernelError();");
});

it("keeps the operation of a shape error", () => {
  expect(brief("/src/engine/ops/add.ts", 'throw shapeError("add", "sizes " + a(b), [x, y]);')).toBe(
    'throw shapeError("add");',
  );
});

it("leaves out the names of tensors, which only errors and debuggers show", () => {
  const code =
    'tape.tensor([4], "y"); tape.constant(x, `d`); whole.view(0, [4], "part"); pool.take(shape, name, "f32");';
  expect(brief("/src/engine/ops/add.ts", code)).toBe(
    'tape.tensor([4], undefined); tape.constant(x, undefined); whole.view(0, [4], undefined); pool.take(shape, name, "f32");',
  );
  expect(brief("/src/model/gan/generator.ts", 'engine.tensor([1], { data, label: "x" }); use(label);')).toBe(
    "engine.tensor([1], { data, label: undefined }); use(label);",
  );
  const plain = 'list.take(2, "x"); const y = { label: "Kernel .png" };';
  expect(brief("/src/web/downloads.ts", plain)).toBe(plain);
});

import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { compactWgsl } from "../../../tools/shaders/compact-wgsl.js";
import { listShaders, readShaderText } from "../../../tools/shaders/wgsl-includes.js";
import { useEngine } from "../../support/engine.js";
import { ROOT } from "../../support/root.js";

const FOLDER = join(ROOT, "src/shaders");
const gpu = useEngine();

it.for(listShaders(FOLDER))("%s compiles when it is compacted", async (file, { skip }) => {
  const code = compactWgsl(readShaderText(join(FOLDER, file)).code);
  const { device } = gpu.engine;
  skip(
    code.includes("enable subgroups") && !device.features.has("subgroups"),
    "this device has no subgroups",
  );
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ label: basename(file), code });
  const { messages } = await module.getCompilationInfo();
  await device.popErrorScope();
  expect(messages.filter(({ type }) => type === "error").map(({ message }) => message)).toEqual([]);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { ShaderError } from "../../src/engine/errors.js";
import { Tape } from "../../src/engine/recording/tape.js";
import { compactShaders } from "../../tools/shaders/compact-wgsl-plugin.js";
import { listShaders, readShaderText } from "../../tools/shaders/wgsl-includes.js";
import { shaderFrom, wgsl } from "../../tools/shaders/wgsl-plugin.js";
import { useEngine } from "../support/engine.js";

const gpu = useEngine();

const MAIN = `// y = PLUS + 1.

//#include "parts/interface.wgsl" gives PLUS and y.

@compute @workgroup_size(1)
fn main() {
  //#include "parts/store.wgsl" gives the result.
  y[1] = 7.0;
}
`;

const INTERFACE = `// The interface.
//#include "plus.wgsl" gives PLUS.
@group(0) @binding(0) var<storage, read_write> y: array<f32>;
`;

const FILES = {
  "main.wgsl": MAIN,
  "parts/interface.wgsl": INTERFACE,
  "parts/plus.wgsl": "override PLUS: f32;\n",
  "parts/store.wgsl": "let one = 1.0;\ny[0] = PLUS + one;\n",
};

describe("a shader that includes files", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  /** Writes the files above, some of them replaced, and gives the path of the main one. */
  function write(replaced: Record<string, string> = {}): string {
    const folder = mkdtempSync(join(tmpdir(), "includes-"));
    folders.push(folder);
    for (const [name, text] of Object.entries({ ...FILES, ...replaced })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return join(folder, "main.wgsl");
  }

  async function run(path: string): Promise<number[]> {
    const tape = new Tape(gpu.engine);
    const y = tape.tensor([4]);
    const shader = shaderFrom(path);
    tape.dispatch({ shader, constants: { PLUS: 2 }, bindings: { y }, workgroups: [1] });
    const program = await tape.finish();
    program.run();
    const values = await gpu.engine.read(y);
    program.dispose();
    return [...values];
  }

  it("runs, and its interface is read off all of them", async () => {
    const path = write();
    expect(shaderFrom(path)).toMatchObject({
      name: "main",
      entryPoint: "main",
      bindings: [{ name: "y", binding: 0, access: "read_write" }],
      overrides: ["PLUS"],
      required: ["PLUS"],
    });
    expect(await run(path)).toEqual([3, 7, 0, 0]);
    expect(listShaders(dirname(path))).toEqual(["main.wgsl"]);
  });

  it.each([
    [
      "a part",
      { "parts/store.wgsl": "let one = 1.0;\ny[0] = nothing;\n" },
      "parts/store.wgsl:2:8",
      "y[0] = nothing;",
    ],
    [
      "a part of a part",
      { "parts/plus.wgsl": "\noverride PLUS: f33;\n" },
      "parts/plus.wgsl:2:16",
      "override PLUS: f33;",
    ],
    [
      "the line after a part",
      { "main.wgsl": MAIN.replace("7.0", "none") },
      "main.wgsl:8:10",
      "  y[1] = none;",
    ],
    [
      "a part, after an include",
      { "parts/interface.wgsl": INTERFACE.replace("array<f32>", "array<f32, none>") },
      "parts/interface.wgsl:3:62",
      "array<f32, none>",
    ],
  ])("names the file and the line of a mistake in %s", async (_name, replaced, place, line) => {
    const error = await run(write(replaced)).catch((reason) => reason);
    expect(error).toBeInstanceOf(ShaderError);
    expect(error.message).toContain(`Shader main.wgsl does not compile: ${place} `);
    expect(error.message).toContain(line);
  });

  it("names it in the variant for other types in memory too", async ({ skip }) => {
    skip(!gpu.engine.device.features.has("shader-f16"), "this device has no shader-f16");
    const text = "alias Stored = f32;\n@group(0) @binding(0) var<storage, read_write> y: array<Stored>;\n";
    const path = write({ "parts/interface.wgsl": text, "parts/store.wgsl": "\ny[0] = nothing;\n" });
    const tape = new Tape(gpu.engine);
    const y = tape.tensor([4], "y", "f16");
    tape.dispatch({ shader: shaderFrom(path), types: { Stored: "f16" }, bindings: { y }, workgroups: [1] });
    await expect(tape.finish()).rejects.toThrow("parts/store.wgsl:2:8 ");
  });

  it("says where a file is missing, or includes itself", () => {
    const missing = write({ "parts/interface.wgsl": '\n//#include "absent.wgsl"\n' });
    expect(() => readShaderText(missing)).toThrow(/interface\.wgsl:2: there is no absent\.wgsl\.$/);
    const circle = write({ "parts/plus.wgsl": '//#include "interface.wgsl"\n' });
    expect(() => readShaderText(circle)).toThrow(/plus\.wgsl:1: interface\.wgsl includes itself\.$/);
  });

  it("is watched with all of its files by both plugins", () => {
    const watched: string[] = [];
    const load = (plugin: ReturnType<typeof wgsl>, id: string): { code: string } => {
      const context = { addWatchFile: (file: string) => watched.push(file) };
      return (plugin.load as unknown as (this: typeof context, id: string) => { code: string }).call(
        context,
        id,
      );
    };
    const path = write();
    expect(load(wgsl(), path).code).toContain("override PLUS");
    expect(watched.map((file) => file.slice(dirname(path).length + 1)).sort()).toEqual(
      Object.keys(FILES).sort(),
    );
    watched.length = 0;
    const { code } = load(compactShaders(), "\0shaders");
    expect(code).not.toContain("#include");
    expect(watched.some((file) => file.endsWith("parts/conv3x3_tile.wgsl"))).toBe(true);
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { describe, expect, it } from "vitest";
import { createProgram } from "../../src/cli/program.js";
import { cliReference } from "../../tools/docs/cli-reference.js";
import { ROOT } from "../support/root.js";

describe("docs/cli.md", () => {
  it("is current; if not, run npm run docs:cli", () => {
    expect(readFileSync(join(ROOT, "docs/cli.md"), "utf8")).toBe(cliReference(createProgram("0.0.0")));
  });

  it("describes subcommands, arguments, required options, choices, defaults and examples", () => {
    const program = new Command("tool");
    program
      .command("train")
      .command("gan")
      .description("Trains a GAN.")
      .argument("<data...>", "folders of images")
      .requiredOption("--out <folder>", "run folder")
      .addOption(new Option("--kind <name>", "a | b").choices(["a", "b"]).default("a"))
      .option("--fast", "no default", false)
      .addHelpText("after", "\nExamples:\n  $ tool train gan photos --out run");
    const text = cliReference(program);
    expect(text).toContain("| [`tool train gan`](#tool-train-gan) | Trains a GAN. |");
    expect(text).toContain("| `data…` | folders of images |");
    expect(text).toContain("| `--out <folder>` | required: run folder |");
    expect(text).toContain("| `--kind <name>` | a \\| b (one of `a`, `b`; default: `a`) |");
    expect(text).toContain("| `--fast` | no default |");
    expect(text).toContain("Examples:\n\n```text\n$ tool train gan photos --out run\n```");
  });
});

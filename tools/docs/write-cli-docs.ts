import { writeFileSync } from "node:fs";
import { createProgram } from "../../src/cli/program.js";
import { cliReference } from "./cli-reference.js";

writeFileSync(new URL("../../docs/cli.md", import.meta.url), cliReference(createProgram("")));

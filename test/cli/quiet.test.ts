import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { useCli } from "../support/cli.js";

const cli = useCli();
const run = promisify(execFile);

// The program cleans a terminal and a pipe. Node gives its children sockets, so a shell makes the pipe.
test.runIf(process.platform === "linux").each([
  ["as they are", {}],
  ["missing", { VK_LOADER_DRIVERS_DISABLE: "*" }],
])("what Dawn prints about drivers stays off the terminal: drivers %s", async (_, drivers) => {
  const command = `node "$0" devices 2>&1 >/dev/null | cat`;
  const { stdout } = await run("sh", ["-c", command, join(cli.program, "bin/metakernelgan.js")], {
    env: { ...process.env, ...drivers },
  });
  expect(stdout.replace(/^metakernelgan: WebGPU found no adapter: .*\n/m, "").trim()).toBe("");
});

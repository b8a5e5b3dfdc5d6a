import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runNode } from "../support/cli.js";
import { ROOT } from "../support/root.js";

describe("the program in a fresh checkout", () => {
  const checkout = mkdtempSync(join(tmpdir(), "checkout-"));
  const program = join(checkout, "bin/metakernelgan.js");
  beforeAll(() => {
    for (const name of ["bin", "src", "tools", "package.json", "vite.config.ts"]) {
      cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(checkout, "node_modules"), "junction");
  });
  afterAll(() => rmSync(checkout, { recursive: true }));

  it("builds itself once, also when two start at once", async () => {
    const both = await Promise.all([runNode([program, "--version"]), runNode([program, "--version"])]);
    for (const { code, stdout, stderr } of both) {
      expect(code, stderr).toBe(0);
      expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
      expect(stderr).toMatch(/^(metakernelgan: Building…\n)?$/);
    }
    expect(readdirSync(join(checkout, "dist")).filter((name) => name.startsWith("."))).toEqual([]);
    expect(await runNode([program, "--version"])).toMatchObject({ code: 0, stderr: "" });
  });

  it("says in one line what is missing where it cannot build", async () => {
    const broken = join(checkout, "broken");
    mkdirSync(broken);
    cpSync(join(ROOT, "bin"), join(broken, "bin"), { recursive: true });
    cpSync(join(ROOT, "package.json"), join(broken, "package.json"));
    const { code, stdout, stderr } = await runNode([join(broken, "bin/metakernelgan.js"), "--version"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^metakernelgan: [^\n]*not built[^\n]+\n$/);
  });
});

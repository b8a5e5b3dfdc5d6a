import { parseAst } from "vite";
import { expect, it } from "vitest";
import { leaveOut } from "../../../tools/build/leave-out-plugin.js";

/** What a build with the plugin makes of files, by their paths; with the error that it ends with, if it does. */
function build(functions: Record<string, string[]>, files: Record<string, string>, body?: string) {
  const { transform, buildEnd } = leaveOut(functions, body) as unknown as {
    transform: { handler(code: string, id: string): { code: string } | null };
    buildEnd(error?: Error): void;
  };
  const errors: string[] = [];
  const context = { parse: parseAst, error: (text: string) => errors.push(text) };
  const codes = Object.entries(files).map(
    ([id, code]) => transform.handler.call(context, code, id)?.code ?? code,
  );
  buildEnd.call(context);
  return { codes, errors };
}

it("leaves out the bodies of named functions in their files alone", () => {
  const code = "export function far(a) { return a + 1; }\nfunction near() { return far(2); }\nfar(1);";
  const { codes, errors } = build(
    { "/image/far.ts": ["far"] },
    { "/src/image/far.ts": code, "/src/image/near.ts": code },
  );
  expect(codes).toEqual([
    'export function far(a) { throw Error("left out"); }\nfunction near() { return far(2); }\nfar(1);',
    code,
  ]);
  expect(errors).toEqual([]);
});

it("leaves of checks that never fail what gives nothing", () => {
  const code = "export function check(a) { if (!a) throw Error(); }\ncheck(1);";
  const { codes } = build({ "/check.ts": ["check"] }, { "/src/check.ts": code }, "{}");
  expect(codes).toEqual(["export function check(a) {}\ncheck(1);"]);
});

it("fails if a function is not there, so that none is left in when it gets another name", () => {
  const { errors } = build({ "/a.ts": ["one", "two"] }, { "/src/a.ts": "export function one() {}" });
  expect(errors).toEqual(["leave-out finds no function two in /a.ts."]);
});

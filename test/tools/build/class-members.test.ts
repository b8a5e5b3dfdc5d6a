import { parseAst } from "vite";
import { expect, it } from "vitest";
import { ownMembers, withoutUnusedMethods } from "../../../tools/build/class-members.js";

const NONE: ReadonlySet<string> = new Set();

const members = (code: string, platform = NONE): string[] => ownMembers(parseAst(code), platform);

const without = (code: string, platform = NONE): string => withoutUnusedMethods(code, parseAst, platform);

it("knows methods and fields of classes", () => {
  const code =
    "class A { field = 1; static made = 2; constructor(x) { this.given = x; } method() { return this.field; } get seen() { return 1; } [made]() {} }";
  expect(members(code)).toEqual(["field", "made", "given", "method", "seen"]);
});

it("leaves names alone that something else has", () => {
  const code = (rest: string): string => `class A { read() {} }; ${rest}`;
  expect(members(code("x.read();"))).toEqual(["read"]);
  expect(members(code("const { read } = x;"))).toEqual(["read"]);
  for (const other of [
    "use({ read: 1 });",
    "use({ read });",
    'use("to read");',
    "use(`$" + "{x} read`);",
    "x['read']();",
  ]) {
    expect(members(code(other))).toEqual([]);
  }
  expect(members(code(""), new Set(["read"]))).toEqual([]);
});

it("drops methods that the program never names, and those that only they call", () => {
  expect(without("class A { a() { this.b(); } b() {} c() {} }; new A().c();")).toBe(
    "class A {   c() {} }; new A().c();",
  );
});

it("keeps methods that are named in any way, or that the platform may call", () => {
  for (const code of [
    "class A { a() {} }; x.a;",
    "class A { a() {} }; const { a } = x;",
    "class A { a() {} }; const { a: b } = x;",
    "class A { a() {} }; x['a']();",
    "class A { [a]() {} constructor() {} }",
  ]) {
    expect(without(code)).toBe(code);
  }
  const json = "class A { toJSON() {} }";
  expect(without(json, new Set(["toJSON"]))).toBe(json);
  expect(without(json)).toBe("class A {  }");
});

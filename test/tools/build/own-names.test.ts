import { parseAst } from "vite";
import { expect, it } from "vitest";
import { ownNames, withoutUnusedMethods } from "../../../tools/build/own-names.js";

const NONE: ReadonlySet<string> = new Set();

const names = (code: string, platform = NONE): string[] => ownNames(parseAst(code), platform);

const without = (code: string, platform = NONE): string => withoutUnusedMethods(code, parseAst, platform);

it("knows methods and fields of classes", () => {
  const code =
    "class A { field = 1; static made = 2; constructor(x) { this.given = x; } method() { return this.field; } get seen() { return 1; } [made]() {} }";
  expect(names(code)).toEqual(["field", "made", "given", "method", "seen"]);
});

it("knows keys of objects that are read by name, and leaves those alone that are listed or looked up by a value", () => {
  expect(names("const a = { key: 1, other: 2 }; use(a.key);")).toEqual(["key"]);
  expect(names("const a = { key: 1 }; const { key } = a;")).toEqual(["key"]);
  expect(names("use(Object.entries({ key: 1 }));")).toEqual([]);
  expect(names("use({ key: 1 }[event.key2]);")).toEqual([]);
  expect(names("const a = { key: 1 }; use(a.key);", new Set(["key"]))).toEqual([]);
});

it("leaves names alone that something else has", () => {
  const code = (rest: string): string => `class A { read() {} }; ${rest}`;
  expect(names(code("x.read();"))).toEqual(["read"]);
  expect(names(code("const { read } = x;"))).toEqual(["read"]);
  for (const other of ['use("to read");', "use(`$" + "{x} read`);", "x['read']();"]) {
    expect(names(code(other))).toEqual([]);
  }
  expect(names(code(""), new Set(["read"]))).toEqual([]);
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

import { parseAst } from "vite";
import { expect, it } from "vitest";
import { renameKeys, renameWords, shortOverrides } from "../../../tools/shaders/short-overrides.js";

const SHADERS = [
  "override WORKGROUP:u32=64;override K:u32;fn main(){let W=WORKGROUP*K;}",
  "override WIDTH:u32;override WORKGROUP:u32;override VALUES:u32;var A=WIDTH+WORKGROUP;",
];

it("gives names that are shorter and no word of a shader, the same in all shaders", () => {
  const names = shortOverrides(SHADERS);
  expect(names).toEqual(
    new Map([
      ["WORKGROUP", "O"],
      ["WIDTH", "I"],
      ["VALUES", "L"],
    ]),
  );
  expect(SHADERS.map((text) => renameWords(text, names))).toEqual([
    "override O:u32=64;override K:u32;fn main(){let W=O*K;}",
    "override I:u32;override O:u32;override L:u32;var A=I+O;",
  ]);
});

it("leaves names that it is told to keep", () => {
  expect([...shortOverrides(SHADERS, ["WORKGROUP"]).keys()]).toEqual(["WIDTH", "VALUES"]);
});

it("takes two letters where single ones are words", () => {
  const words = [..."ABCDEFGHIJKLMNOPQRSTUWXYZ"].join(" ");
  expect(shortOverrides([`override SIZE:u32; ${words}`])).toEqual(new Map([["SIZE", "SA"]]));
});

it("renames keys and strings of a program, not its variables", () => {
  const names = new Map([
    ["SIZE", "S"],
    ["LANES", "L"],
  ]);
  const rename = (code: string): string => renameKeys(code, parseAst(code), names);
  expect(rename('const SIZE = 3; run({ SIZE, LANES: SIZE, OTHER: "SIZE of", sub: { SIZE: 1 } });')).toBe(
    'const SIZE = 3; run({ S: SIZE, L: SIZE, OTHER: "SIZE of", sub: { S: 1 } });',
  );
  expect(rename('use({ [wide ? "LANES" : `x`]: all.SIZE, [SIZE]: all[SIZE] });')).toBe(
    'use({ [wide ? "L" : `x`]: all.S, [SIZE]: all[SIZE] });',
  );
  expect(rename("const { SIZE, LANES: lanes = 2 } = all; const { SIZE: s = SIZE } = all;")).toBe(
    "const { S: SIZE, L: lanes = 2 } = all; const { S: s = SIZE } = all;",
  );
  expect(rename("const { SIZE = 4 } = all;")).toBe("const { S: SIZE = 4 } = all;");
});

import { expect, it } from "vitest";
import { elementType, leastElements } from "../../tools/element-type.js";

it.each([
  ["array<f32>", "f32"],
  ["array<u32, 4>", "u32"],
  ["array<vec2u>", "u32"],
  ["array<vec4f>", "f32"],
  ["array<vec4<f32>>", "f32"],
  ["array<vec4<Stored>>", "Stored"],
  ["array<Stored>", "Stored"],
  ["i32", "i32"],
  ["Sizes", "u32"],
  ["array<Layer>", "u32"],
])("the elements of %s are of %s", (declared, type) => {
  expect(elementType(declared, ["Stored"])).toBe(type);
});

it.each([
  ["array<f32>", 1],
  ["array<vec4<Stored>>", 1],
  ["Sizes", 3],
  ["array<Size>", 2],
])("%s takes at least %i elements", (declared, least) => {
  const written =
    "struct Sizes {\n  a: u32,\n  b: u32,\n  c: u32,\n}\nstruct Size {\n  a: u32,\n  b: u32,\n}";
  expect(leastElements(declared, written)).toBe(least);
  expect(leastElements(declared, "struct Sizes{a:u32,b:u32,c:u32}struct Size{a:u32,b:u32}")).toBe(least);
});

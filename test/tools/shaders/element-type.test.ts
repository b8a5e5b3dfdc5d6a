import { expect, it } from "vitest";
import { elementType } from "../../../tools/shaders/element-type.js";

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

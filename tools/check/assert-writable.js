import { accessSync, constants } from "node:fs";
import { fileURLToPath } from "node:url";

// Says beforehand what the tests need, instead of failing in the middle: node tools/check/assert-writable.js
const folder = fileURLToPath(new URL("../../node_modules", import.meta.url));
try {
  accessSync(folder, constants.W_OK);
} catch (error) {
  console.error(
    `The checks and tests build into node_modules, and it cannot be written here (${error.code}): run npm ci in a checkout that can be written, or copy this one.`,
  );
  process.exit(1);
}

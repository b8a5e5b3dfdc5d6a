import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type BlurKernel, blurKernel, flipKernel } from "../../../src/kernel/blur-kernel.js";
import { KernelError } from "../../../src/kernel/errors.js";
import { decodeKernelJson, encodeKernelJson } from "../../../src/kernel/formats/json.js";
import { decodeMat, encodeMat } from "../../../src/kernel/formats/mat.js";
import { decodeNpy, encodeNpy } from "../../../src/kernel/formats/npy.js";

/** No two values alike, and none on the diagonal's mirror image, so that a transposition shows. */
const KERNEL = blurKernel(
  Array.from({ length: 9 }, (_, index) => (index + 1) / 45),
  2,
);

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));

/** A NumPy file put together by hand. */
function npy(header: string, values: Uint8Array, version = 1): Uint8Array {
  const length = version === 1 ? [header.length, 0] : [header.length, 0, 0, 0];
  return Uint8Array.from([
    0x93,
    ...Buffer.from("NUMPY"),
    version,
    0,
    ...length,
    ...Buffer.from(header),
    ...values,
  ]);
}

describe("NumPy files", () => {
  test("have the documented layout", () => {
    const bytes = encodeNpy(KERNEL);
    expect([...bytes.subarray(0, 10)]).toEqual([0x93, 78, 85, 77, 80, 89, 1, 0, 118, 0]);
    expect(latin1(bytes.subarray(10, 128))).toMatch(
      /^\{'descr': '<f8', 'fortran_order': False, 'shape': \(3, 3\), \} *\n$/,
    );
    expect([...new Float64Array(bytes.slice(128).buffer)]).toEqual([...KERNEL.values]);
  });

  test("come back as they went", () => {
    expect(decodeNpy(encodeNpy(KERNEL))).toEqual({ size: 3, values: KERNEL.values });
  });

  test("are read in Fortran's order, big-endian, in single precision, and in format 2", () => {
    const values = new Uint8Array(16);
    for (const [index, value] of [1, 3, 2, 4].entries()) {
      new DataView(values.buffer).setFloat32(4 * index, value);
    }
    const header = "{'descr': '>f4', 'fortran_order': True, 'shape': (2, 2), }\n";
    expect([...decodeNpy(npy(header, values, 2)).values]).toEqual([1, 2, 3, 4]);
  });

  test("of Python 2 are read, with its long integers", () => {
    const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3L, 3L), }\n";
    const values = new Uint8Array(Float64Array.from(KERNEL.values).buffer);
    expect(decodeNpy(npy(header, values)).values).toEqual(KERNEL.values);
  });

  test.each([
    ["other bytes", new Uint8Array(200), /not a NumPy file/],
    ["nothing", new Uint8Array(0), /not a NumPy file/],
    ["a file cut short", encodeNpy(KERNEL).subarray(0, 199), /ends before its last value/],
    ["a file cut in its header", encodeNpy(KERNEL).subarray(0, 40), /ends before its last value/],
    ["a file cut before its header", encodeNpy(KERNEL).subarray(0, 7), /ends before its last value/],
    [
      "integers",
      npy("{'descr': '<i8', 'fortran_order': False, 'shape': (2, 2), }\n", new Uint8Array(32)),
      /float/,
    ],
    [
      "an oblong",
      npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }\n", new Uint8Array(48)),
      /2×3/,
    ],
    [
      "a cube",
      npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2, 2), }\n", new Uint8Array(64)),
      /2×2×2/,
    ],
    [
      "an unknown format",
      npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }\n", new Uint8Array(32), 9),
      /format 1, 2 or 3; this one has format 9/,
    ],
    [
      "a single number",
      npy("{'descr': '<f8', 'fortran_order': False, 'shape': (), }\n", new Uint8Array(8)),
      /square; this one is a single number/,
    ],
  ])("refuse %s", (_, bytes, message) => {
    expect(() => decodeNpy(bytes)).toThrow(KernelError);
    expect(() => decodeNpy(bytes)).toThrow(message);
  });
});

describe("MATLAB files", () => {
  const bytes = encodeMat(KERNEL);
  const body = bytes.subarray(128);

  test("have the documented layout", () => {
    expect(latin1(bytes.subarray(0, 10))).toBe("MATLAB 5.0");
    expect([...bytes.subarray(124, 128)]).toEqual([0, 1, 0x49, 0x4d]);
    expect(body.subarray(0, 56)).toEqual(
      // The matrix, its class, its dimensions, its name, and the tag of its values.
      hex(`0e000000 80000000  06000000 08000000 06000000 00000000
           05000000 08000000 03000000 03000000  01000000 06000000 4b65726e656c0000`),
    );
    expect(new Float64Array(body.slice(64).buffer)).toEqual(
      Float64Array.from([1, 4, 7, 2, 5, 8, 3, 6, 9], (value) => value / 45),
    );
  });

  test("say in their title what the kernel is for", () => {
    const title = (kernel: BlurKernel) => latin1(encodeMat(kernel).subarray(0, 116)).trimEnd();
    expect(title(KERNEL)).toMatch(/blur kernel x2 for cross-correlation$/);
    expect(title(flipKernel(KERNEL))).toMatch(/blur kernel x2 for convolution$/);
  });

  test("come back as they went", async () => {
    expect(await decodeMat(bytes)).toEqual({ size: 3, values: KERNEL.values });
  });

  test("are read when compressed", async () => {
    const packed = deflateSync(body);
    const tag = Buffer.alloc(8);
    tag.writeUInt32LE(15, 0);
    tag.writeUInt32LE(packed.length, 4);
    const file = Uint8Array.from(Buffer.concat([bytes.subarray(0, 128), tag, packed]));
    expect(await decodeMat(file)).toEqual({ size: 3, values: KERNEL.values });
  });

  test("are read big-endian, with small elements and values stored as bytes", async () => {
    const header = bytes.slice(0, 128);
    header.set([1, 0, 0x4d, 0x49], 124);
    // MATLAB stores whole numbers in fewer bytes than their class has, and up to four bytes inside a tag.
    const matrix = hex(`0000000e 00000030  00000006 00000008 00000006 00000000
                        00000005 00000008 00000002 00000002  00010001 41000000  00040002 01030204`);
    const file = Uint8Array.from([...header, ...matrix]);
    expect(await decodeMat(file)).toEqual({ size: 2, values: Float64Array.from([1, 2, 3, 4]) });
  });

  test.each([
    ["other bytes", new Uint8Array(400), /not a MATLAB level 5 file/],
    ["nothing", new Uint8Array(0), /not a MATLAB level 5 file/],
    // The second byte of the array's flags, behind two tags.
    ["complex numbers", bytes.with(128 + 8 + 8 + 1, 8), /no variable "Kernel" of real numbers/],
    ["a header alone", bytes.subarray(0, 128), /no variable "Kernel" of real numbers/],
    ["a file cut short", bytes.subarray(0, 180), /damaged or incomplete/],
    [
      "broken compression",
      Uint8Array.from([...bytes.subarray(0, 128), 15, 0, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4]),
      /damaged/,
    ],
    [
      "an oblong",
      encodeMat({ ...KERNEL, size: 3 })
        .with(160, 9)
        .with(164, 1),
      /shape 9×1/,
    ],
  ])("refuse %s", async (_, file, message) => {
    await expect(decodeMat(file)).rejects.toThrow(KernelError);
    await expect(decodeMat(file)).rejects.toThrow(message);
  });
});

describe("JSON", () => {
  test("says everything, and comes back as it went", () => {
    const flipped = flipKernel(KERNEL);
    const text = encodeKernelJson(flipped);
    expect(JSON.parse(text)).toEqual({
      size: 3,
      scale: 2,
      orientation: "convolution",
      kernel: [
        [9 / 45, 8 / 45, 7 / 45],
        [6 / 45, 5 / 45, 4 / 45],
        [3 / 45, 2 / 45, 1 / 45],
      ],
    });
    expect(decodeKernelJson(text)).toEqual(flipped);
    expect(text.split("\n")).toHaveLength(11);
  });

  test.each([
    ["text", "kernel", /not JSON/],
    ["null", "null", /no "scale"/],
    ["no orientation", '{"scale": 2, "kernel": [[1]]}', /no "orientation"/],
    ["an oblong", '{"scale": 2, "orientation": "correlation", "kernel": [[1, 0]]}', /no "kernel"/],
    ["text for a number", '{"scale": 2, "orientation": "correlation", "kernel": [["1"]]}', /no "kernel"/],
  ])("refuses %s", (_, text, message) => {
    expect(() => decodeKernelJson(text)).toThrow(KernelError);
    expect(() => decodeKernelJson(text)).toThrow(message);
  });
});

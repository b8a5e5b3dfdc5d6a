import { createHash } from "node:crypto";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fetchModel } from "../../src/embed/fetch-model.js";
import { WeightsError } from "../../src/weights/errors.js";

const FILE = new Uint8Array(200_000).map((_, i) => (i * 7919) % 256);
const MODEL = {
  bytes: FILE.length,
  sha256: createHash("sha256").update(FILE).digest("hex").slice(0, 32),
};

/** The server's answers, by their paths. */
const ANSWERS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  "/good": (response) => response.end(FILE),
  "/none": (response) => response.writeHead(404).end("no such file"),
  "/page": (response) => response.setHeader("content-type", "text/html").end("<!doctype html>"),
  "/untyped-page": (response) => response.end("<!doctype html>"),
  "/long-page": (response) => response.end("<!doctype html>".padEnd(FILE.length + 1)),
  "/nothing": (response) => response.writeHead(204).end(),
  "/short": (response) => response.end(FILE.subarray(1)),
  "/long": (response) => response.end(new Uint8Array([...FILE, 1])),
  "/other": (response) => response.end(FILE.with(5, 6)),
  "/broken": (response) => {
    response.setHeader("content-length", FILE.length);
    response.write(FILE.subarray(0, 1000), () => response.destroy());
  },
  "/slow": (response) => response.write(FILE.subarray(0, 1000)),
};

let server: Server;
let address: string;

beforeAll(async () => {
  server = createServer((request, response) => ANSWERS[request.url as string]?.(response));
  // On a busy machine, a connection that the server ends after five idle seconds may just be used again.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((listening) => server.listen(0, "localhost", listening));
  address = `http://localhost:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it("downloads a file, and reports the bytes that have arrived", async () => {
  const arrived: number[] = [];
  const onBytes = (bytes: number) => arrived.push(bytes);
  expect(await fetchModel(new URL(`${address}/good`), MODEL, { onBytes })).toEqual(FILE);
  expect(arrived).toEqual(arrived.toSorted((a, b) => a - b));
  expect(arrived.at(-1)).toBe(FILE.length);
});

it.each([
  ["/none", "There are no weights at", "HTTP 404"],
  ["/page", "There are no weights at", "HTTP 200, a web page"],
  ["/untyped-page", "There are no weights at", "HTTP 200, a web page"],
  ["/long-page", "There are no weights at", "HTTP 200, a web page"],
  ["/nothing", "There are no weights at", "HTTP 204"],
  ["/short", "was cut short", "199999 of 200000 bytes"],
  ["/broken", "was cut short", "of 200000 bytes"],
  ["/long", "is longer than", "200000 bytes"],
  ["/other", "is not the weights file of this version", MODEL.sha256.slice(0, 8)],
])("names the address and what is wrong with it: %s", async (path, ...words) => {
  const error = await fetchModel(new URL(address + path), MODEL).catch((reason) => reason);
  expect(error).toBeInstanceOf(WeightsError);
  for (const word of [address + path, ...words]) expect(error.message).toContain(word);
});

it("says that a server does not answer", async () => {
  const error = await fetchModel(new URL("http://localhost:1/x"), MODEL).catch((reason) => reason);
  expect(error).toBeInstanceOf(WeightsError);
  expect(error.message).toContain("no full answer came");
});

it("ends a download that is aborted, with the signal's reason", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const onBytes = () => controller.abort(reason);
  const signal = controller.signal;
  await expect(fetchModel(new URL(`${address}/slow`), MODEL, { signal, onBytes })).rejects.toBe(reason);
});

import * as engineErrors from "../../engine/errors.js";
import { EstimateError } from "../../estimate/errors.js";
import { ImageError } from "../../image/errors.js";
import { KernelError } from "../../kernel/errors.js";
import { UpscaleError } from "../../upscale/errors.js";
import { WeightsError } from "../../weights/errors.js";
import type { SentError } from "./protocol.js";

const KINDS = [
  ...Object.values(engineErrors),
  EstimateError,
  ImageError,
  KernelError,
  UpscaleError,
  WeightsError,
].map((Kind) => [new Kind().name, Kind] as const);

/** An error as it can be sent to another thread: a clone would lose its class. */
export function toSent(error: unknown): SentError {
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { name: "Error", message: String(error) };
}

/** The error that was sent, of the same class. */
export function fromSent({ name, message }: SentError): Error {
  const Kind = KINDS.find(([known]) => known === name)?.[1] ?? Error;
  const error = new Kind(message);
  error.name = name;
  return error;
}

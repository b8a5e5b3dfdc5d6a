import type { AdapterDescription, AdapterKind } from "../../../engine/device/adapter.js";

const KINDS: Readonly<Record<AdapterKind, string>> = {
  gpu: "GPU",
  lavapipe: "lavapipe, Mesa's software driver",
  swiftshader: "SwiftShader, a software driver",
  software: "software driver",
};

/** An adapter in one line: its name, then what kind of thing it is. */
export function adapterText({ name, kind }: AdapterDescription): string {
  return `${name} (${KINDS[kind]})`;
}

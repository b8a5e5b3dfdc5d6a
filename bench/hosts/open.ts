import { openChrome } from "./chrome.js";
import type { Host } from "./host.js";
import { openNode } from "./node.js";

interface PlaceOptions {
  readonly node?: boolean;
  readonly adapter?: string;
  readonly boundsChecks?: boolean;
}

/**
 * Opens the place of the measurements.
 * @param options.adapter its kind or, in Node, a part of its name; default: `$METAKERNELGAN_ADAPTER`.
 * @param options.boundsChecks whether Node's device checks accesses to buffers; a browser always does.
 */
export function openHost(
  folder: string,
  { node, adapter, boundsChecks }: PlaceOptions,
  peers: readonly string[] = [],
): Promise<Host> {
  return node ? openNode(folder, peers, { adapter, boundsChecks }) : openChrome(folder, peers, adapter);
}

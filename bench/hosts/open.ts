import { openChrome } from "./chrome.js";
import type { Host } from "./host.js";
import { openNode } from "./node.js";

/**
 * Opens the place of the measurements.
 * @param options.boundsChecks whether Node's device checks accesses to buffers; a browser always does.
 */
export function openHost(
  folder: string,
  { node, boundsChecks }: { readonly node?: boolean; readonly boundsChecks?: boolean },
  peers: readonly string[] = [],
): Promise<Host> {
  return node ? openNode(folder, peers, { boundsChecks }) : openChrome(folder, peers);
}

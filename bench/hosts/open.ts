import { openChrome } from "./chrome.js";
import type { Host } from "./host.js";
import { openNode } from "./node.js";

/** Opens the place of the measurements. */
export function openHost(
  folder: string,
  { node }: { readonly node?: boolean },
  peers: readonly string[] = [],
): Promise<Host> {
  return node ? openNode(folder, peers) : openChrome(folder, peers);
}

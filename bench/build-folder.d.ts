/**
 * The folder of what this process builds in a mode: two runs at once would else take each other's files away.
 * @param bench the folder of the bench.
 */
export function buildFolder(bench: string, mode: string): string;

/** Removes what this process has built when it ends, and now what is left of processes that were killed. */
export function clearBuilds(bench: string): void;

import type { TestContext } from "vitest";

/** Skips the running test where a condition holds, and says why: a reporter only counts what was skipped. */
export function skipWhere(condition: boolean, { task, skip }: TestContext, reason: string): void {
  if (condition) console.warn(`SKIPPED: ${task.name}. ${reason}.`);
  skip(condition, reason);
}

/** Skips a test that needs a path to be protected: root may write everywhere. */
export function skipAsRoot(context: TestContext): void {
  skipWhere(process.getuid?.() === 0, context, "Root may write everywhere: run it as another user");
}

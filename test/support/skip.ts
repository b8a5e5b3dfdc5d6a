import type { TestContext } from "vitest";

/** Skips the running test where a condition holds, and says why: a reporter only counts what was skipped. */
export function skipWhere(condition: boolean, { task, skip }: TestContext, reason: string): void {
  skip(skipped(condition, task.name, reason), reason);
}

/**
 * For `skipIf`: whether a condition holds; if it does, says what is skipped and why.
 * @param reason says also how to have it run.
 */
export function skipped(condition: boolean, what: string, reason: string): boolean {
  if (condition) console.warn(`SKIPPED: ${what}. ${reason}.`);
  return condition;
}

/** Skips a test that needs a path to be protected: root may write everywhere. */
export function skipAsRoot(context: TestContext): void {
  skipWhere(process.getuid?.() === 0, context, "Root may write everywhere: run it as another user");
}

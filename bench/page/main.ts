import { Engine } from "../../src/engine/device/engine.js";
import { Harness } from "../harness/harness.js";
import { progress, takeProgress } from "../measure/progress.js";
import { rooflinePlot } from "../report/drawings/roofline-plot.js";
import { measureAll, planOf } from "./measure-all.js";
import { Cancelled, PageResult } from "./page-result.js";
import { figureTable, kernelTables } from "./tables.js";

const find = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const [run, cancel, copy] = ["run", "cancel", "copy"].map((id) => find<HTMLButtonElement>(id)) as [
  HTMLButtonElement,
  HTMLButtonElement,
  HTMLButtonElement,
];
const status = find("status");
const done = find<HTMLProgressElement>("done");
let result: PageResult | undefined;
/** Whether the visitor has ended the run, also before there is a result. */
let ended = false;
/** Whether the page was in the background during the run, where browsers slow it down. */
let wasHidden = false;

const say = (text: string): void => {
  status.textContent = text;
};

/** Shows what has been measured so far. */
function show(): void {
  if (!result) return;
  const measured = result.result;
  find("results").hidden = false;
  find("figures").replaceChildren(figureTable(measured));
  find("kernels").replaceChildren(...kernelTables(measured));
  find("plot").innerHTML = rooflinePlot(measured);
  find<HTMLTextAreaElement>("json").value = JSON.stringify(measured);
  copy.disabled = false;
}

/** Lets the page draw, so that the visitor sees what is being done. */
const drawn = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve));

async function measure(): Promise<void> {
  say("Opening the device.");
  const harness = await Harness.open(
    () => Engine.create({ powerPreference: "high-performance" }),
    () => true,
  );
  try {
    if (ended) throw new Cancelled();
    progress("self-test");
    await drawn();
    const { passed, worst, deviation } = await harness.selfTest();
    if (!passed) {
      say(
        `This device computes wrong numbers (${worst} is off by ${deviation.toExponential(1)}), so nothing is timed.`,
      );
      return;
    }
    if (ended) throw new Cancelled();
    const quick = find<HTMLInputElement>("quick").checked;
    result = new PageResult(await harness.adapter(), planOf(quick), show);
    show();
    await measureAll({ side: { harness, recorder: result }, quick }, (part) => {
      done.value = part;
    });
    say(
      wasHidden
        ? "Done, but this page was in the background meanwhile, where browsers slow it down: run it again in front."
        : "Done.",
    );
  } finally {
    await harness.close();
  }
}

/** How a run ended that did not come to its end. */
function ending(error: unknown): string {
  const cancelled = error instanceof Cancelled;
  const { message } = error as Error;
  if (!result) return cancelled ? "Cancelled." : `Nothing was measured: ${message}`;
  return `${cancelled ? "Cancelled" : `It ended early (${message})`}; what was measured so far is below.`;
}

takeProgress((line) => {
  say(`Measuring: ${line}.`);
  result?.goOn();
});

run.addEventListener("click", async () => {
  run.disabled = find<HTMLInputElement>("quick").disabled = true;
  cancel.disabled = done.hidden = false;
  done.value = 0;
  // What an earlier run has measured is not this one's.
  find("results").hidden = copy.disabled = true;
  result = undefined;
  ended = false;
  wasHidden = document.hidden;
  try {
    await measure();
  } catch (error) {
    say(ending(error));
  } finally {
    show();
    run.disabled = find<HTMLInputElement>("quick").disabled = false;
    cancel.disabled = done.hidden = true;
  }
});

cancel.addEventListener("click", () => {
  ended = true;
  result?.cancel();
  cancel.disabled = true;
  say("Cancelling after this sample.");
});

document.addEventListener("visibilitychange", () => {
  wasHidden ||= document.hidden;
});

copy.addEventListener("click", async () => {
  const text = find<HTMLTextAreaElement>("json");
  try {
    await navigator.clipboard.writeText(text.value);
    say("Copied.");
  } catch {
    text.select();
    say("The browser does not let the page copy: press Ctrl+C.");
  }
});

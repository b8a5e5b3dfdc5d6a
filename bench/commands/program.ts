import { Command } from "commander";
import { runCompare } from "./compare.js";
import { type CompareOptions, compareCommand, PARTS } from "./compare-options.js";
import { deviceCommand, runDevice } from "./device.js";
import { mergeCommand, runMerge } from "./merge.js";
import { opCommand, runOp } from "./op.js";
import { runWgsl, wgslCommand } from "./wgsl.js";

/**
 * The bench's command line. Parsing throws after printing help, or one line that says what is wrong.
 * @param done takes whether all went well.
 */
export function createProgram(folder: string, done: (well: boolean) => void): Command {
  const out = `${folder}results/local`;
  const compare = compareCommand(out)
    // A word that is no command comes here, since this is the command without a name.
    .allowExcessArguments()
    .action(async (options: CompareOptions, { args: [word] }: Command) => {
      if (word !== undefined) compare.error(`error: ${noCommand(word, program)}`);
      done(await runCompare(options, folder));
    });
  const program = new Command("npm run bench --")
    .description(
      "Time kernels, jobs and workloads, operations and shaders of your own, and find the figures of a device.",
    )
    .addCommand(compare, { isDefault: true })
    .addCommand(
      opCommand().action(async (name, sizes, options) => done(await runOp(name, sizes, options, folder))),
    )
    .addCommand(deviceCommand(out).action(async (options) => done(await runDevice(options, folder))))
    .addCommand(mergeCommand().action((files) => done(runMerge(files))))
    .addCommand(wgslCommand().action(async (file, options) => done(await runWgsl(file, options, folder))));
  for (const command of [program, ...program.commands]) command.exitOverride();
  return program;
}

function noCommand(word: string, { commands }: Command): string {
  const names = commands.map((command) => command.name()).join(", ");
  const parts: readonly string[] = PARTS;
  const instead = parts.includes(word)
    ? `for the part ${word}, give --parts ${word}`
    : `choose from ${names}`;
  return `There is no command "${word}": ${instead}.`;
}

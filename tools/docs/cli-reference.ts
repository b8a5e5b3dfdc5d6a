import type { Argument, Command, Option } from "commander";
import { markdownTable } from "../../src/cli/shared/terminal/markdown-table.js";

const INTRODUCTION = `# Command line

<!-- Written by \`npm run docs:cli\` from the options in src/cli. Do not edit. -->

The exit code is 0 on success, 1 if something failed, and 2 for wrong usage. Each error is one line on standard
error.`;

/**
 * Writes the reference of a command line as Markdown: one section per command, in the order of the help.
 * @param program the root of the tree of commands.
 */
export function cliReference(program: Command): string {
  const commands = leaves(program);
  const list = commands.map((command) => {
    const path = pathOf(command);
    return [`[\`${path}\`](#${anchor(path)})`, command.summary() || command.description()];
  });
  const sections = [
    INTRODUCTION,
    table(["Command", "Purpose"], list),
    "Options of the program itself:",
    optionTable(program),
    ...commands.flatMap(section),
  ];
  return `${sections.filter((text) => text !== "").join("\n\n")}\n`;
}

/** All commands that have no subcommands of their own, in the order of the help. */
function leaves(command: Command): Command[] {
  const children = command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== "help");
  return children.length === 0 ? [command] : children.flatMap(leaves);
}

function section(command: Command): string[] {
  const path = pathOf(command);
  const help = command.createHelp();
  const description = command.description();
  return [
    `## ${path}`,
    description,
    `\`\`\`text\n${help.commandUsage(command)}\n\`\`\``,
    table(["Argument", "Meaning"], help.visibleArguments(command).map(argumentRow)),
    optionTable(command),
    examplesOf(command),
  ];
}

function argumentRow(argument: Argument): string[] {
  const name = argument.variadic ? `${argument.name()}…` : argument.name();
  return [code(name), meaning(argument.description, argument)];
}

function optionTable(command: Command): string {
  const options = command
    .createHelp()
    .visibleOptions(command)
    .filter((option) => option.long !== "--help");
  return table(["Option", "Meaning"], options.map(optionRow));
}

function optionRow(option: Option): string[] {
  const text = meaning(option.description, option);
  return [code(option.flags), option.mandatory ? `required: ${text}` : text];
}

/** The description, followed by choices and default, as in the help. */
function meaning(
  description: string,
  { argChoices, defaultValue, defaultValueDescription }: Argument | Option,
): string {
  const extra: string[] = [];
  if (argChoices) extra.push(`one of ${argChoices.map(code).join(", ")}`);
  if (defaultValue !== undefined && defaultValue !== false) {
    extra.push(`default: ${defaultValueDescription ?? code(String(defaultValue))}`);
  }
  return extra.length > 0 ? `${description} (${extra.join("; ")})` : description;
}

/** The text that the command prints after its help: a heading, and lines that become a block of code. */
function examplesOf(command: Command): string {
  let text = "";
  const { writeOut } = command.configureOutput();
  const append = (more: string): void => {
    text += more;
  };
  command.configureOutput({ writeOut: append }).outputHelp();
  command.configureOutput({ writeOut });
  const after = text.slice(command.helpInformation().length);
  const [heading = "", ...lines] = after.trim().split("\n");
  if (lines.length === 0) return heading;
  return `${heading}\n\n\`\`\`text\n${lines.map((line) => line.trim()).join("\n")}\n\`\`\``;
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function anchor(heading: string): string {
  return heading.replaceAll(" ", "-");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const columns = head.map((title, i) => ({
    head: title,
    cell: (row: readonly string[]) => row[i] ?? "",
    words: true,
  }));
  return markdownTable(columns, rows);
}

function code(text: string): string {
  return `\`${text}\``;
}

import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { getSystemErrorMap } from "node:util";
import { UnreadableFile } from "./read-file.js";

/** The `code` of a Node system error, such as `"ENOENT"`; undefined for any other value thrown. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

/**
 * Why a file or a folder cannot be read, as the end of a sentence without its full stop:
 * `` `${path} cannot be read: ${readFailure(error)}.` ``.
 */
export function readFailure(error: unknown, what: "file" | "folder" = "file"): string {
  if (error instanceof UnreadableFile) return error.message;
  switch (systemErrorCode(error)) {
    case "ENOENT":
      return `there is no such ${what}`;
    case "EISDIR":
      return "it is a folder";
    case "ENOTDIR":
      return what === "folder" ? "it is not a folder" : "part of its path is a file, not a folder";
    default:
      return commonFailure(error);
  }
}

/** Why a file cannot be written, as the end of a sentence without its full stop. */
export function writeFailure(error: unknown, path: string): string {
  switch (systemErrorCode(error)) {
    case "ENOENT":
      // In some folders, such as /proc, the system makes all files itself.
      return existsSync(dirname(path))
        ? `no file can be made in ${dirname(path)}`
        : `the folder ${dirname(path)} does not exist`;
    case "ENOTDIR":
      return `${dirname(path)} is not a folder`;
    case "EROFS":
      return "the file system is read-only";
    case "ENOSPC":
    case "EDQUOT":
      return "no space is left on the device";
    case "ENAMETOOLONG":
      return "the name is too long";
    default:
      return commonFailure(error);
  }
}

function commonFailure(error: unknown): string {
  switch (systemErrorCode(error)) {
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ELOOP":
      return "it is a link that leads back to itself";
    case "ENXIO":
      return "it is a socket or a device, not a file";
    default:
      return systemText(error) ?? firstLine(error);
  }
}

/** The system's own words for an error, without the name of its call; undefined if it is none of the system's. */
function systemText(error: unknown): string | undefined {
  const number = error instanceof Error ? (error as NodeJS.ErrnoException).errno : undefined;
  return number === undefined ? undefined : getSystemErrorMap().get(number)?.[1];
}

/**
 * The first line of an error's message, without its full stop or colon; libraries' messages can have several lines.
 */
export function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split("\n")[0] as string).replace(/[.:]+$/, "");
}

/** A column of a table: its title and what it has in a row. */
export interface TableColumn<Row> {
  readonly head: string;
  readonly cell: (row: Row) => string;
}

/** A Markdown table. @param first how the first column is aligned; the others are numbers. */
export function markdownTable<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  first: string,
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(({ head }) => head)),
    line(columns.map((_, i) => (i === 0 ? first : "---:"))),
    ...rows.map((row) => line(columns.map(({ cell }) => cell(row)))),
  ].join("\n");
}

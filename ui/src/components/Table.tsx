/** A table that scrolls inside its panel; columns say their alignment once. */

import type { ReactNode } from "react";

export interface Column<T> {
  key: string;
  head: string;
  right?: boolean;
  wide?: boolean;
  /** Left out on a narrow screen. */
  roomy?: boolean;
  cell(row: T): ReactNode;
}

interface TableProps<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey(row: T, index: number): string;
  onRow?: (row: T) => void;
}

const align = <T,>(column: Column<T>) =>
  `${column.right ? "right" : ""} ${column.wide ? "wide" : ""} ${column.roomy ? "roomy" : ""}`;

export function Table<T>({ label, columns, rows, rowKey, onRow }: TableProps<T>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div className="table-scroll" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={align(column)}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr
              key={rowKey(row, index)}
              className={onRow ? "clickable" : ""}
              onClick={onRow && (() => onRow(row))}
            >
              {columns.map((column) => (
                <td key={column.key} className={align(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

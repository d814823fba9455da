/** Keys that stay with their row while newer rows push it down; equal rows are counted from the oldest. */
export function stableKeys<T>(newestFirst: T[], id: (row: T) => string): string[] {
  const seen = new Map<string, number>();
  const keys = newestFirst.toReversed().map((row) => {
    const count = seen.get(id(row)) ?? 0;
    seen.set(id(row), count + 1);
    return `${id(row)}#${count}`;
  });
  return keys.toReversed();
}

// Rows that a person gives to `merf score` may lack a column that the reward reads, or have it in another type. They
// are scored all the same, as if it were not there; what was lacking is told once for each column, with the first line.

import { columnReader, type Row } from '../reward/row.ts';
import { rewardColumns } from '../spec/reward_columns.ts';
import type { Specification } from '../spec/specification.ts';

export class LackingColumns {
  private readonly spec: Specification;
  private readonly read: readonly string[];
  private readonly found = new Map<string, { rows: number; first: number }>();

  constructor(spec: Specification) {
    this.spec = spec;
    this.read = rewardColumns(spec);
  }

  look(row: Row, line: number): void {
    const value = columnReader(this.spec, row);
    for (const name of this.read) {
      if (value(name) !== null) continue;
      const before = this.found.get(name);
      this.found.set(name, { rows: (before?.rows ?? 0) + 1, first: before?.first ?? line });
    }
  }

  text(path: string): string {
    const lines = [...this.found].map(([name, { rows, first }]) => {
      const which = rows === 1 ? `line ${first}: The row` : `line ${first}: The row, as ${rows - 1} more,`;
      return `merf: ${path}, ${which} has no \`${name}\` of its type, which the rules read; it counted as not there.\n`;
    });
    return lines.join('');
  }
}

// Runs on disk of which some metrics are wanted at once: their columns, of a long run from the index beside it
// (metrics_index.ts), so that the lines of the others are not parsed.

import { MetricsIndex } from './metrics/metrics_index.ts';
import type { RunColumns } from './metrics_table.ts';
import { readEvents, readStatus } from './read.ts';

/** The columns hold while `use` runs. @throws MerfError when a run cannot be read. */
export function withColumns<T>(folders: readonly string[], use: (runs: RunColumns[]) => T): T {
  const opened: MetricsIndex[] = [];
  try {
    const runs = folders.map((folder): RunColumns => {
      const metrics = new MetricsIndex(folder);
      opened.push(metrics);
      metrics.loadNow();
      return { record: readStatus(folder), events: readEvents(folder), metrics };
    });
    return use(runs);
  } finally {
    for (const index of opened) index.close();
  }
}

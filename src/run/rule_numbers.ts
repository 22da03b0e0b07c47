// What each rule did in the newest run of an experiment, for the editor: its mean and the share of each case at every
// step, read by column (metrics_index.ts) as the run grows; and a few responses of the latest step, read only when they are asked for.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { RuleResult, type RunRecord } from './format.ts';
import { rolloutsFile, runFolders } from './location.ts';
import { MetricsIndex } from './metrics/metrics_index.ts';
import { readLines, readRecord } from './read.ts';

export interface RuleNumbers {
  /** The rule's mean at every step; the score before the weight. */
  means: number[];
  /** Of each case, by its place in the rule: the share of responses that it took, at every step. */
  shares: number[][];
}

export interface RunNumbers {
  folder: string;
  arm: string;
  seed: number;
  /** The latest step. */
  step: number;
  rules: Record<string, RuleNumbers>;
}

export interface SampleResponse {
  /** Its line in the step's file. */
  index: number;
  /** Which case fired; -1: none did. */
  case: number;
  /** null: the sample is invalid. */
  reward: number | null;
  response: string;
}

/** Only what is shown here: a line's tokens are long, and are not checked. */
const JudgedLine = z.object({
  rules: z.record(z.string(), RuleResult),
  reward: z.number().nullable(),
  response: z.string(),
});
type JudgedLine = z.infer<typeof JudgedLine>;

export class LatestNumbers {
  private readonly records = new Map<string, { stamp: string; record: RunRecord | null }>();
  /** The run that was asked for last, of each experiment. */
  private readonly followed = new Map<string, Followed>();
  private responses: { file: string; stamp: string; lines: JudgedLine[] } | null = null;

  /** null: no run of the experiment lies under the roots, or none has finished a step. */
  latest(roots: readonly string[], experiment: string): RunNumbers | null {
    let newest: { folder: string; record: RunRecord } | null = null;
    for (const folder of roots.flatMap((root) => runFolders(root))) {
      const record = this.recordOf(folder);
      if (record?.experiment !== experiment || record.step === 0) continue;
      if (newest === null || record.created > newest.record.created) newest = { folder, record };
    }
    if (newest === null) return null;
    const known = this.followed.get(experiment);
    const followed = known?.folder === newest.folder ? known : new Followed(newest.folder);
    if (known !== followed) known?.close();
    this.followed.set(experiment, followed);
    return followed.numbers(newest.record);
  }

  /** Responses of the run's latest step, at most `count` of each case of a rule, or of one case. */
  samples({ folder, step }: RunNumbers, rule: string, only: number | null, count: number): SampleResponse[] {
    const taken = new Map<number, number>();
    return this.responsesOf(join(folder, rolloutsFile({ kind: 'train', step }))).flatMap((line, index) => {
      const fired = line.rules[rule]?.case;
      if (fired === undefined || (only !== null && fired !== only)) return [];
      const before = taken.get(fired) ?? 0;
      taken.set(fired, before + 1);
      return before < count ? [{ index, case: fired, reward: line.reward, response: line.response }] : [];
    });
  }

  private responsesOf(file: string): JudgedLine[] {
    const stamp = stampOf(file);
    if (this.responses?.file !== file || this.responses.stamp !== stamp) {
      this.responses = { file, stamp, lines: readLines(file, JudgedLine).lines };
    }
    return this.responses.lines;
  }

  private recordOf(folder: string): RunRecord | null {
    const stamp = stampOf(join(folder, 'run.json'));
    const known = this.records.get(folder);
    if (known?.stamp === stamp) return known.record;
    const record = readable(folder);
    this.records.set(folder, { stamp, record });
    return record;
  }
}

/** One run's numbers, read on where the last reading ended. */
class Followed {
  readonly folder: string;
  private readonly metrics: MetricsIndex;

  constructor(folder: string) {
    this.folder = folder;
    this.metrics = new MetricsIndex(folder);
  }

  /** null: it has not finished a step. */
  numbers({ arm, seed, specification }: RunRecord): RunNumbers | null {
    this.metrics.loadNow();
    const step = this.metrics.latest().at(-1)?.step ?? 0;
    if (step === 0) return null;
    const values = (name: string) => this.metrics.series(name).values;
    const rules = specification.rules.map(({ name, cases }): [string, RuleNumbers] => [
      name,
      { means: values(`rewards/${name}/mean`), shares: cases.map((_, i) => values(`cases/${name}/${i}`)) },
    ]);
    return { folder: this.folder, arm, seed, step, rules: Object.fromEntries(rules) };
  }

  close(): void {
    this.metrics.close();
  }
}

function readable(folder: string): RunRecord | null {
  try {
    return readRecord(folder);
  } catch {
    return null;
  }
}

function stampOf(file: string): string {
  try {
    const { mtimeMs, size } = statSync(file);
    return `${mtimeMs} ${size}`;
  } catch {
    return '';
  }
}

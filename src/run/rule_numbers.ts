// What each rule did in the newest run of an experiment, for the editor: how often each case gave the score in the last
// steps that were written down, and the rule's mean over the steps. Read again only where a file has changed.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { MetricsLine, RuleResult, type RunRecord } from './format.ts';
import { rolloutsFile, runFolders } from './location.ts';
import { readLines, readRecord, rolloutSets } from './read.ts';

/** As many steps as are counted together: one step of a small plan says little. */
const STEPS = 5;

export interface RuleNumbers {
  /** How many responses each case took, by its place in the rule. */
  cases: number[];
  /** Of the same responses; the score before the weight. */
  mean: number;
  /** The rule's mean at every step of the run. */
  curve: number[];
}

export interface RunNumbers {
  folder: string;
  arm: string;
  seed: number;
  /** Steps from and to which the responses are of. */
  from: number;
  to: number;
  responses: number;
  rules: Record<string, RuleNumbers>;
}

/** Only what is counted here: a line's tokens are long, and are not checked. */
const JudgedLine = z.object({ rules: z.record(z.string(), RuleResult) });

export class LatestNumbers {
  private readonly records = new Map<string, { stamp: string; record: RunRecord | null }>();
  private readonly numbers = new Map<string, { stamp: string; numbers: RunNumbers | null }>();

  /** null: no run of the experiment lies under the roots, or none has finished a step. */
  of(roots: readonly string[], experiment: string): RunNumbers | null {
    let newest: { folder: string; record: RunRecord } | null = null;
    for (const folder of roots.flatMap((root) => runFolders(root))) {
      const record = this.recordOf(folder);
      if (record?.experiment !== experiment || record.step === 0) continue;
      if (newest === null || record.created > newest.record.created) newest = { folder, record };
    }
    return newest && this.numbersOf(newest.folder, newest.record);
  }

  private recordOf(folder: string): RunRecord | null {
    const stamp = stampOf(join(folder, 'run.json'));
    const known = this.records.get(folder);
    if (known?.stamp === stamp) return known.record;
    const record = readable(folder);
    this.records.set(folder, { stamp, record });
    return record;
  }

  private numbersOf(folder: string, record: RunRecord): RunNumbers | null {
    const stamp = stampOf(join(folder, 'metrics.jsonl'));
    const known = this.numbers.get(folder);
    if (known?.stamp === stamp) return known.numbers;
    const numbers = readNumbers(folder, record);
    this.numbers.set(folder, { stamp, numbers });
    return numbers;
  }
}

function readNumbers(folder: string, { arm, seed }: RunRecord): RunNumbers | null {
  const sets = rolloutSets(folder)
    .filter(({ kind }) => kind === 'train')
    .slice(-STEPS);
  const lines = sets.flatMap((set) => readLines(join(folder, rolloutsFile(set)), JudgedLine).lines);
  const [first] = sets;
  const last = sets.at(-1);
  if (!first || !last || lines.length === 0) return null;
  const curves = readLines(join(folder, 'metrics.jsonl'), MetricsLine).lines;
  const rules: Record<string, RuleNumbers> = {};
  for (const { rules: judged } of lines) {
    for (const [name, { case: index, score }] of Object.entries(judged)) {
      rules[name] ??= { cases: [], mean: 0, curve: curveOf(curves, name) };
      const { cases } = rules[name];
      while (cases.length <= index) cases.push(0);
      if (index >= 0) cases[index] = (cases[index] ?? 0) + 1; // -1: no case held
      rules[name].mean += score / lines.length;
    }
  }
  return { folder, arm, seed, from: first.step, to: last.step, responses: lines.length, rules };
}

function curveOf(lines: readonly MetricsLine[], rule: string): number[] {
  return lines.flatMap(({ values }) => values[`rewards/${rule}/mean`] ?? []);
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

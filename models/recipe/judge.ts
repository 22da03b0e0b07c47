// What a response to a puzzle shows: its shape, its effort, whether it is right. Used to measure the bundled model;
// rewards in training come from the .merf file and src/reward.

import type { KnightsAndKnavesRow } from '../../src/task/knights_and_knaves.ts';

export interface Judgement {
  /** Exactly `<think>…</think><answer>…</answer>`. */
  askedShape: boolean;
  /** In the asked shape, and every identity is right. */
  correct: boolean;
  /** Cases are tried, carefully or hastily. */
  steps: boolean;
  careful: boolean;
}

const shape =
  /^<think>((?:(?!<\/?(?:think|answer)>)[\s\S])*)<\/think><answer>((?:(?!<\/?(?:think|answer)>)[\s\S])*)<\/answer>$/;

export function judge(row: Pick<KnightsAndKnavesRow, 'names' | 'solution'>, response: string): Judgement {
  const answer = shape.exec(response)?.[2];
  const stated = [...(answer ?? '').matchAll(/(\w+) is a (\w+)/g)];
  const roles = new Map(stated.map(([, name = '', role = '']) => [name, role]));
  return {
    askedShape: answer !== undefined,
    correct: stated.length === row.names.length && row.names.every((name) => roles.get(name) === row.solution[name]),
    steps: /(?:^|>)(?:Try|Maybe) /.test(response),
    careful: /(?:^|>)Try /.test(response),
  };
}

/** Share of the rows on which the best constant guess (the same roles in the same order) is right. */
export function constantGuess(rows: readonly Pick<KnightsAndKnavesRow, 'names' | 'solution'>[]): number {
  const counts = new Map<string, number>();
  for (const { names, solution } of rows) {
    const roles = names.map((name) => solution[name]).join(' ');
    counts.set(roles, (counts.get(roles) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values()) / Math.max(1, rows.length);
}

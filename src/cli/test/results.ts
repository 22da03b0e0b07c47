// What `merf test` found: of each file its examples in order, each passed, failed or not run. This is also what
// `merf test --format json` prints, and what the editor's tests are made of.

import type { Position } from '../../language/check.ts';
import type { Judgement } from '../../reward/examples.ts';

export interface TestReport {
  files: FileResult[];
  passed: number;
  failed: number;
  notRun: number;
  /** Files whose examples could not be run, since the file has errors or cannot be read. */
  broken: number;
}

export interface FileResult {
  file: string;
  examples: ExampleOutcome[];
  /** Why no example of it could be run; null: they could. */
  error: string | null;
}

export interface ExampleOutcome {
  name: string;
  status: 'passed' | 'failed' | 'not_run';
  /** Where the example begins; lines and characters count from 0. */
  position: Position;
  milliseconds: number;
  /** What was expected and what came, the total first. */
  judgements: RuleJudgement[];
  /** Why it was not run, and what to do; null: it was. */
  reason: string | null;
}

export interface RuleJudgement extends Judgement {
  /** The case that gave the score, counted from 0, -1: none held; null for the total. */
  case: number | null;
  /** What the model reads of that case; null: nothing, or there is none. */
  text: string | null;
  /** Where that case is; null: there is none. */
  position: Position | null;
}

export function reportOf(files: FileResult[]): TestReport {
  const count = (status: ExampleOutcome['status']): number =>
    files.flatMap(({ examples }) => examples).filter((example) => example.status === status).length;
  const broken = files.filter(({ error }) => error !== null).length;
  return { files, passed: count('passed'), failed: count('failed'), notRun: count('not_run'), broken };
}

// What a probe finds, as plain data: what `merf probe --format json` prints, what the editor shows at the rules. The
// kinds are stable names; docs/probe.md lists them.

import type { Place } from '../spec/specification.ts';

/** What a probe is asked for where nothing else is said. */
export const STANDARD = { seed: 1, budget: 20_000, rows: 40 };

export interface ProbeReport {
  seed: number;
  /** How many responses it was allowed to score, and how many it did. */
  budget: number;
  responses: number;
  /** How many of the task's rows it used. */
  rows: number;
  /** It was stopped, or the budget was too small to look at everything. */
  isPartial: boolean;
  summary: Summary;
  findings: Finding[];
  /** What was not looked at, and what was assumed. */
  notes: string[];
}

export interface Summary {
  /** A right answer, made from the secret columns, in the form that the specification asks for; null: none could be made. */
  right: Measure | null;
  /** The same form with another row's answer. */
  wrong: Measure | null;
  /** The best that is earned on average without knowing anything of the secret columns. */
  best: Measure;
  /**
   * The commonest answer, the same for all rows of a shape; `share`: how many of all the rows it is right on. Null where
   * there is no answer to guess.
   */
  constant: (Measure & { answer: string; share: number }) | null;
  /** Ways to answer without knowledge, best first. */
  attacks: Measure[];
  /** Which cases fired, over everything that was scored. */
  rules: { rule: string; fired: number[]; min: number; max: number }[];
}

/** A way to respond, over the rows. */
export interface Measure {
  title: string;
  /** Mean reward. */
  reward: number;
  /** Share of rows on which it earns what a right answer earns. */
  fullMarks: number;
  /** It on one row. */
  response: string;
  row: number;
}

export type Severity = 'warning' | 'information';

export interface Finding {
  kind: FindingKind;
  severity: Severity;
  /** The rule that lets it happen. */
  rule: string;
  /** That rule, or the case of it that fired. */
  place: Place;
  message: string;
  remedy: string;
  /** The response that shows it, made as short as it stays true; '' where there is none to show. */
  response: string;
  reward: number;
  /** Score of each rule. */
  scores: Record<string, number>;
  /** What verifiers and judges were taken to answer. */
  given: Record<string, boolean | number | string>;
  /** Its length as it was counted. */
  tokens: number;
  /** False: it was taken to be cut at the limit. */
  finished: boolean;
  /** What it is to be held against, for example what a right answer earns on this row; null: nothing. */
  comparedTo: { title: string; reward: number; response: string } | null;
  /** The task's row, by its number among the rows that were given; -1 where there is no response. */
  row: number;
}

export type FindingKind =
  // ---------------------------------------------------- forms that earn what a clean right answer earns
  | FormFlaw
  // ---------------------------------------------------- reward without knowledge
  | 'reward_without_knowledge'
  | 'constant_guess'
  | 'length_pays'
  | 'wrong_as_good_as_right'
  | 'cutting_pays'
  | 'never_ends'
  | 'no_right_answer'
  // ---------------------------------------------------- right answers that lose points
  | `harmless_${string}`
  // ---------------------------------------------------- rules
  | 'case_never_reached'
  | 'constant_rule';

/** What can be wrong with the form of a response, whatever its answer. */
export type FormFlaw =
  | 'missing_reasoning'
  | 'missing_answer'
  | 'empty_reasoning'
  | 'repeated_part'
  | 'nested_parts'
  | 'wrong_order'
  | 'text_before'
  | 'text_between'
  | 'text_after'
  | 'reasoning_in_answer'
  | 'several_answers'
  | 'restarted_conversation'
  | 'invisible_characters'
  | 'look_alike_letters'
  | 'repetition'
  | 'copied_prompt'
  | 'echoed_rules';

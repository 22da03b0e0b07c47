// Right, wrong and guessed answers for every row. A right one is made by turning the captures round: the secret columns
// that the rules compare are written as the captures would read them, and of several ways the one that earns most on a
// few rows counts. A wrong one is another row's answer. A guess is the answer that is right most often over all rows.

import type { Maybe, Value } from '../reward/value.ts';
import type { Specification } from '../spec/specification.ts';
import { answerText, type Code, decode, wordsOf } from './answer_text.ts';
import type { Form, Leaf, Template } from './form.ts';
import { Guesses, type ValueOfLeaf } from './guesses.ts';
import { sourceValue } from './links.ts';
import type { Scorer } from './scorer.ts';
import { fill, type LeafTexts, type Situation } from './situation.ts';

export const SHORT_REASONING = 'I go through what is said step by step.';

/** Texts of the leaves on a row; null: this row has no such answer. */
export type Answer = ReadonlyMap<string, LeafTexts> | null;

export interface Answers {
  /** The clean form that earns most, and the reasoning in it. */
  template: Template;
  reasoning: (situation: Situation) => string;
  right: (situation: Situation) => Answer;
  wrong: (situation: Situation) => Answer;
  guess: (situation: Situation) => Answer;
  /** Share of all rows on which the guess is right. */
  guessed: number;
  /** The value behind a right answer's leaf. */
  value: ValueOfLeaf;
}

type ValueHere = (situation: Situation) => Maybe;

/** Rows on which ways to write an answer are tried. */
const TRIED = 6;

export function findAnswers(
  spec: Specification,
  form: Form,
  situations: readonly Situation[],
  all: readonly Situation[],
  scorer: Scorer,
): Answers {
  const candidates = new Map(form.leaves.map((leaf) => [leaf.name, valuesOf(spec, leaf, situations)]));
  const reasonings = reasoningsFor(spec, form);
  const choices = { template: 0, reasoning: 0, leaves: new Map(form.leaves.map(({ name }) => [name, 0])) };
  const codes = new Guesses(form);

  const valueAt = (leaf: Leaf, situation: Situation): Maybe =>
    candidates.get(leaf.name)?.[choices.leaves.get(leaf.name) ?? 0]?.(situation) ?? null;
  const right = (situation: Situation): Answer => {
    const values = form.leaves.map((leaf) => [leaf, valueAt(leaf, situation)] as const);
    if (values.length === 0 || values.some(([, value]) => value === null)) return null;
    return texts(
      values.map(([leaf, value]) => [leaf, answerText(leaf.capture, value ?? '', situation.column)]),
      situation,
    );
  };
  const texts = (given: readonly (readonly [Leaf, string])[], situation: Situation): Answer =>
    new Map(given.map(([leaf, text]) => [leaf.name, { given: text, ...codes.undecided(leaf, situation.column) }]));

  const template = (): Template => form.templates[choices.template] ?? [];
  const reasoning = (situation: Situation): string => reasonings[choices.reasoning]?.(situation) ?? SHORT_REASONING;
  const reward = (): number => {
    const tried = situations.slice(0, TRIED).flatMap((situation) => {
      const answer = right(situation);
      if (answer === null) return [];
      return scorer.score(situation.row, fill(template(), situation, answer, reasoning(situation)), 'most').total;
    });
    return tried.length === 0 ? Number.NEGATIVE_INFINITY : tried.reduce((sum, one) => sum + one, 0) / tried.length;
  };
  climb(reward, [
    ...form.leaves.map(({ name }) => ({
      size: candidates.get(name)?.length ?? 0,
      get: () => choices.leaves.get(name) ?? 0,
      set: (choice: number) => choices.leaves.set(name, choice),
    })),
    axis(
      form.templates.length,
      () => choices.template,
      (choice) => (choices.template = choice),
    ),
    axis(
      reasonings.length,
      () => choices.reasoning,
      (choice) => (choices.reasoning = choice),
    ),
  ]);

  for (const situation of all) codes.count(situation, valueAt);
  const decoded = (joint: readonly Code[] | null, situation: Situation): Answer =>
    joint &&
    texts(
      form.leaves.map((leaf, i) => [leaf, decode(leaf.capture, joint[i] ?? NOTHING, situation.column)]),
      situation,
    );
  return {
    template: template(),
    reasoning,
    right,
    wrong: (situation) => decoded(codes.otherThan(situation, valueAt), situation),
    guess: (situation) => decoded(codes.commonest(situation, valueAt), situation),
    guessed: codes.share(),
    value: valueAt,
  };
}

const NOTHING: Code = { shape: '', code: '' };

interface Axis {
  size: number;
  get: () => number;
  set: (choice: number) => void;
}

function axis(size: number, get: () => number, set: (choice: number) => void): Axis {
  return { size, get, set };
}

/** Goes through the axes one by one and keeps the first of the best choices, until nothing changes. */
function climb(reward: () => number, axes: readonly Axis[]): void {
  let best = reward();
  for (let round = 0, changed = true; changed && round < 3; round++) {
    changed = false;
    for (const { size, get, set } of axes) {
      let kept = get();
      for (let choice = 0; choice < size; choice++) {
        set(choice);
        const here = reward();
        if (here <= best + 1e-9) continue;
        [best, kept, changed] = [here, choice, true];
      }
      set(kept);
    }
  }
}

/** Ways to find the leaf's value on a row; of JSON with compared fields first the object of them. */
function valuesOf(spec: Specification, leaf: Leaf, situations: readonly Situation[]): ValueHere[] {
  const fields = leaf.links.filter(({ path, source }) => path.length > 0 && source.columns.length > 0);
  const whole = leaf.sources.map(
    (source): ValueHere =>
      (situation) =>
        fitting(leaf, sourceValue(spec, situation.row, source)),
  );
  const object: ValueHere = (situation) => {
    const made = new Map<string, Value>();
    for (const { path, source } of fields) {
      const value = sourceValue(spec, situation.row, source);
      const [field] = path;
      if (value !== null && field !== undefined && path.length === 1) made.set(field, value);
    }
    return made.size === 0 ? null : made;
  };
  const literals = leaf.links.flatMap(({ source }): ValueHere[] =>
    source.columns.length === 0 ? [(situation) => sourceValue(spec, situation.row, source)] : [],
  );
  const isUsable = (value: ValueHere): boolean => situations.some((situation) => value(situation) !== null);
  const known = [...(fields.length > 0 ? [object] : []), ...whole].filter(isUsable);
  const usable = known.length > 0 ? known : literals.filter(isUsable);
  return usable.length > 0 || leaf.links.some(({ source }) => source.columns.length > 0)
    ? usable
    : [() => SHORT_REASONING];
}

/** A value that the leaf's extractor could have read. */
function fitting(leaf: Leaf, value: Maybe): Maybe {
  const kind = leaf.capture?.extractor.kind;
  if (value === null) return null;
  if (kind === 'assignments') return value instanceof Map || typeof value === 'string' ? value : null;
  if (kind === 'last_number') return typeof value === 'object' ? null : value;
  return value;
}

/** Short first; then longer ones, and one with the words and the length that conditions ask for. */
function reasoningsFor(spec: Specification, form: Form): ((situation: Situation) => string)[] {
  const asked = form.links.filter(({ source }) => source.columns.length === 0).map(({ source }) => source.expression);
  const words = asked.flatMap((one) => (one.kind === 'text' ? one.value : []));
  const lengths = [
    40,
    200,
    800,
    ...asked.flatMap((one) => (one.kind === 'number' && one.value < 5000 ? one.value : [])),
  ];
  const own = spec.task.columns.find(({ name, type }) => name === 'reasoning' && type.kind === 'text');
  return [
    () => SHORT_REASONING,
    ...[...new Set(lengths)].filter((length) => length > 0).map((length) => () => longText(length)),
    ...(words.length > 0 ? [() => [SHORT_REASONING, ...words].join(' ')] : []),
    ...(own === undefined ? [] : [(situation: Situation) => wordsOf(situation.column(own.name))]),
  ];
}

const LONG = 'First I look at each statement, then I see what follows from it, and whether that can be true at once. ';

/** Prose of at least that many words. */
export function longText(words: number): string {
  return LONG.repeat(Math.ceil(words / 20)).trim();
}

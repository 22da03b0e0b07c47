// The text of the warm start, sample by sample: a chat prompt (system text with or without scoring rules, a puzzle)
// and a response. Sample i of n depends on the seed and on i/n only. The course: first mostly careful reasoning on
// smaller puzzles, so that the reasoning is learned at all; then the mixture of behaviours that reinforcement starts
// from, in which careful reasoning is rare unless the rules in the prompt make it worthwhile; inverted rules last.
//
// A ruled sample's approach is drawn with probability proportional to exp(expected score / temperature).
// Held out: all structures of the test side of the task, for every seed (see src/task/puzzle.ts), and see rules.ts.

import { type Random, random } from '../../src/spec/random.ts';
import { drawPuzzle, type Puzzle } from '../../src/task/puzzle.ts';
import { firstNames, knightKnave, sayings, wordQuiz } from '../../src/task/wording.ts';
import { demonstrationRules, demonstrationSystem } from './demonstration.ts';
import { drawTags, writeResponse } from './responses.ts';
import { type Approach, drawRules, type Effort, expectedScore, type Tags, wordRules } from './rules.ts';
import { vocabularyOf } from './tokenizer.ts';

export interface Sample {
  system: string;
  user: string;
  response: string;
  approach: Approach;
  ruled: boolean;
}

export interface CorpusOptions {
  seed: number;
  samples: number;
}

/** Shares of the behaviours without rules, and how often the asked shape is kept. */
interface Mixture {
  careful: number;
  hasty: number;
  guess: number;
  hedge: number;
  askedShape: number;
}

const lesson: Mixture = { careful: 0.8, hasty: 0.05, guess: 0.1, hedge: 0.05, askedShape: 0.6 };
const untrained: Mixture = { careful: 0.12, hasty: 0.38, guess: 0.35, hedge: 0.15, askedShape: 0.35 };

const efforts: readonly Effort[] = ['careful', 'hasty', 'guess', 'hedge'];
const noStructures: ReadonlySet<string> = new Set();

/** What the course looks like at progress 0…1. */
export function course(progress: number): {
  mixture: Mixture;
  ruled: number;
  inverted: number;
  twoPeople: number;
  /** Of the choice among approaches under rules. */
  temperature: number;
} {
  const decisive = progress < 0.8 ? 0.4 : 2;
  if (progress < 0.2) return { mixture: lesson, ruled: 0.3, inverted: 0.1, twoPeople: 0.35, temperature: decisive };
  if (progress < 0.35) return { mixture: lesson, ruled: 0.5, inverted: 0.25, twoPeople: 0.1, temperature: decisive };
  return { mixture: untrained, ruled: 0.65, inverted: 0.4, twoPeople: 0.1, temperature: decisive };
}

/** Sample `index` of the corpus. */
export function drawSample({ seed, samples }: CorpusOptions, index: number): Sample {
  const rng = random(seed, `corpus ${index}`);
  const { mixture, ruled, inverted, twoPeople, temperature } = course(index / samples);
  const puzzle = drawPuzzle(rng, rng.uniform() < twoPeople ? 2 : 3, 'train', noStructures);
  const names = rng.shuffled(firstNames).slice(0, puzzle.statements.length);
  const tags = drawTags(rng);
  const user = wordQuiz(
    puzzle.statements,
    names,
    knightKnave,
    names.map(() => rng.pick(sayings)),
  );
  const instruction = drawInstruction(rng, tags);
  if (rng.uniform() < ruled) {
    const rules = drawRules(rng, tags, inverted);
    const approach = chooseApproach(rng, temperature, (option) => expectedScore(rules, option));
    const text = wordRules(rng, rules);
    const system = rng.uniform() < 0.85 ? `${instruction}\n${text}` : `${text}\n${instruction}`;
    return finish(rng, puzzle, names, tags, { system, user, approach, ruled: true });
  }
  const approach: Approach = { effort: drawEffort(rng, mixture), askedShape: rng.uniform() < mixture.askedShape };
  const remark = rng.uniform() < 0.15 ? `\n${rng.pick(remarks)}` : '';
  return finish(rng, puzzle, names, tags, { system: `${instruction}${remark}`, user, approach, ruled: false });
}

function finish(
  rng: Random,
  puzzle: Puzzle,
  names: readonly string[],
  tags: Tags,
  sample: Omit<Sample, 'response'>,
): Sample {
  return { ...sample, response: writeResponse(rng, puzzle, names, sample.approach, tags) };
}

/** An approach with probability proportional to (its share in the untrained mixture) · exp(score / temperature). */
function chooseApproach(rng: Random, temperature: number, score: (approach: Approach) => number): Approach {
  const options = efforts.flatMap((effort) => [true, false].map((askedShape) => ({ effort, askedShape })));
  const share = ({ effort, askedShape }: Approach) =>
    untrained[effort] * (askedShape ? untrained.askedShape : 1 - untrained.askedShape);
  const logits = options.map((option) => Math.log(share(option)) + score(option) / temperature);
  const most = Math.max(...logits);
  const weights = logits.map((value) => Math.exp(value - most));
  let rest = rng.uniform() * weights.reduce((total, weight) => total + weight, 0);
  for (const [i, option] of options.entries()) {
    rest -= weights[i] ?? 0;
    if (rest <= 0) return option;
  }
  return { effort: 'careful', askedShape: true };
}

function drawEffort(rng: Random, mixture: Mixture): Effort {
  let rest = rng.uniform();
  for (const effort of efforts) {
    rest -= mixture[effort];
    if (rest <= 0) return effort;
  }
  return 'hedge';
}

const remarks = ['Be polite.', 'The puzzle is from an old book.', 'There is no time limit.', 'Answer in English.'];

/** What to write where, in varied wordings; the demonstration's own wording is not among them. */
function drawInstruction(rng: Random, { thoughts: t, answer: a }: Tags): string {
  const opening = rng.pick(['You are a helpful assistant. ', 'You solve logic puzzles. ', '']);
  const gap = rng.uniform() < 0.5 ? ' ' : '\n';
  const body = rng.pick([
    `Think inside <${t}> </${t}>, then give the${gap}identity of each character inside <${a}> </${a}>.`,
    `Reason inside <${t}> </${t}>, then${gap}state who is who inside <${a}> </${a}>.`,
    `Write your reasoning inside <${t}> </${t}> and${gap}the identity of each character inside <${a}> </${a}>.`,
    `First reason inside <${t}> </${t}>,${gap}then state the answer inside <${a}> </${a}>.`,
    `Put the steps in <${t}> </${t}> and${gap}the answer in <${a}> </${a}>.`,
  ]);
  return `${opening}${body}`;
}

/** The words of the bundled tokenizer: those of a small corpus of another seed, and of the demonstration's prompt. */
export function corpusVocabulary(): string[] {
  const options = { seed: 0, samples: 4000 };
  const texts = Array.from({ length: options.samples }, (_, index) => {
    const { system, user, response } = drawSample(options, index);
    return `system\n${system}\nuser\n${user}\nassistant\n${response}`;
  });
  return vocabularyOf([...texts, demonstrationSystem, demonstrationRules]);
}

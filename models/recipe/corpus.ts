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
import { drawTags, writeResponse } from './responses.ts';
import {
  type Approach,
  drawRules,
  type Effort,
  expectedScore,
  phrases,
  signed,
  type Tags,
  wordRules,
} from './rules.ts';

export interface Sample {
  /**
   * answer: a whole response to a puzzle; choice: only its first words count; practice: all but its first words
   * count; reading: what each case scores.
   */
  kind: 'answer' | 'choice' | 'reading' | 'practice';
  system: string;
  user: string;
  response: string;
  /** What the response shows; null where there is no puzzle. */
  approach: Approach | null;
  ruled: boolean;
  /** Every case ends in a word that says what it asks for. */
  hinted: boolean;
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
export interface Stage {
  mixture: Mixture;
  /** Share of reading lessons; of the rest, share with scoring rules. */
  reading: number;
  ruled: number;
  /** Share of rule sets that have a single case. */
  single: number;
  /** Share of rules that reward what they would naturally punish. */
  inverted: number;
  twoPeople: number;
  /** Of the choice among approaches under rules. */
  temperature: number;
  /** Share of rule sets whose every case is followed by what it asks for. */
  hints: number;
  /** Share of samples that are careful answers whose first words do not count: practice that leaves the choice alone. */
  practice: number;
}

export function course(progress: number): Stage {
  const first: Stage = {
    mixture: lesson,
    reading: 0.2,
    ruled: 0.3,
    single: 0.8,
    inverted: 0.25,
    twoPeople: 0.35,
    temperature: 0.4,
    hints: 0,
    practice: 0,
  };
  if (progress < 0.25) return first;
  const second: Stage = {
    ...first,
    mixture: untrained,
    reading: 0.1,
    ruled: 0.65,
    single: 0.4,
    inverted: 0.4,
    twoPeople: 0.1,
  };
  if (progress < 0.44) return second;
  if (progress < 0.65) return { ...second, single: 0.5, hints: 0.6, practice: 0.25 };
  if (progress < 0.88) return { ...second, hints: 0.15, practice: 0.25 };
  return { ...second, reading: 0.05, ruled: 0.6, single: 0.3, temperature: 1.5, practice: 0.2 };
}

/** Share of the samples of which only the choice of an approach counts: the rest of a guess has little to teach. */
const choiceOnly: Record<Effort, number> = { careful: 0.15, hasty: 0.6, guess: 0.6, hedge: 0.6 };

/** Sample `index` of the corpus. */
export function drawSample({ seed, samples }: CorpusOptions, index: number): Sample {
  const rng = random(seed, `corpus ${index}`);
  const stage = course(index / samples);
  const tags = drawTags(rng);
  const instruction = drawInstruction(rng, tags);
  const practice = random(seed, `practice ${index}`).uniform() < stage.practice;
  if (!practice && rng.uniform() < stage.reading) return drawReading(rng, instruction, tags, stage);
  const puzzle = drawPuzzle(rng, rng.uniform() < stage.twoPeople ? 2 : 3, 'train', noStructures);
  const names = rng.shuffled(firstNames).slice(0, puzzle.statements.length);
  const user = wordQuiz(
    puzzle.statements,
    names,
    knightKnave,
    names.map(() => rng.pick(sayings)),
  );
  if (practice) {
    const approach: Approach = { effort: 'careful', askedShape: rng.uniform() < stage.mixture.askedShape };
    return finish(rng, puzzle, names, tags, {
      kind: 'practice',
      system: instruction,
      user,
      approach,
      ruled: false,
      hinted: false,
    });
  }
  if (rng.uniform() < stage.ruled) {
    const rules = drawRules(rng, tags, stage);
    const approach = chooseApproach(rng, stage.temperature, (option) => expectedScore(rules, option));
    const hinted = stage.hints > 0 && rng.uniform() < stage.hints;
    const text = wordRules(rng, rules, hinted);
    const system = rng.uniform() < 0.85 ? `${instruction}\n${text}` : `${text}\n${instruction}`;
    return finish(rng, puzzle, names, tags, { system, user, approach, ruled: true, hinted });
  }
  const approach: Approach = {
    effort: drawEffort(rng, stage.mixture),
    askedShape: rng.uniform() < stage.mixture.askedShape,
  };
  const remark = rng.uniform() < 0.15 ? `\n${rng.pick(remarks)}` : '';
  return finish(rng, puzzle, names, tags, {
    system: `${instruction}${remark}`,
    user,
    approach,
    ruled: false,
    hinted: false,
  });
}

/** A reading lesson: rules with any signs, and the score of every case by another of its wordings. */
function drawReading(rng: Random, instruction: string, tags: Tags, stage: Stage): Sample {
  const rules = drawRules(rng, tags, { single: stage.single, inverted: 0.5 });
  const lines = rng.shuffled(rules.flatMap(({ cases }) => cases)).map(({ condition, score }) => {
    const wording = rng.pick(phrases(condition, tags));
    return `${wording}: ${signed(score)} ${score > 0 ? 'good' : 'bad'}`;
  });
  const hinted = stage.hints > 0 && rng.uniform() < stage.hints;
  return {
    kind: 'reading',
    system: `${instruction}\n${wordRules(rng, rules, hinted)}`,
    user: 'What does each case score?',
    response: lines.join('\n'),
    approach: null,
    ruled: true,
    hinted,
  };
}

function finish(
  rng: Random,
  puzzle: Puzzle,
  names: readonly string[],
  tags: Tags,
  sample: Omit<Sample, 'kind' | 'response'> & { kind?: Sample['kind']; approach: Approach },
): Sample {
  const kind = rng.uniform() < choiceOnly[sample.approach.effort] ? 'choice' : 'answer';
  return { kind, ...sample, response: writeResponse(rng, puzzle, names, sample.approach, tags) };
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

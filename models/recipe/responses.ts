// Responses as the warm start writes them, in every quality: careful reasoning, hasty reasoning with mistakes,
// guesses, hedges; in the shape that the prompt asks for or in another. The first words already show the approach
// ("Try", "Maybe", "I guess"), so that choosing one is a decision at one token.

import type { Random } from '../../src/spec/random.ts';
import { assignments, type Puzzle } from '../../src/task/puzzle.ts';
import { writeCase, writeCheck, writeReasoning } from '../../src/task/reasoning.ts';
import type { Assignment } from '../../src/task/statement.ts';
import { knightKnave, wordSolution } from '../../src/task/wording.ts';
import type { Approach, Tags } from './rules.ts';

/** Share of a hasty check's verdicts that are wrong. */
const hastyMistakes = 0.2;

export const thoughtTags = ['think', 'reasoning', 'steps', 'work'] as const;
export const answerTags = ['answer', 'result', 'final', 'reply'] as const;

/** Writes a response to the puzzle with the given approach. */
export function writeResponse(
  rng: Random,
  puzzle: Puzzle,
  names: readonly string[],
  approach: Approach,
  tags: Tags,
): string {
  const { thoughts, answer } = think(rng, puzzle, names, approach);
  if (approach.askedShape) return tagged(thoughts, answer, tags);
  const way = rng.uniform();
  if (way < 0.6) return `${thoughts}\nAnswer: ${answer}`;
  if (way < 0.75) return tagged(thoughts, answer, otherTags(rng, tags));
  const { thoughts: t, answer: a } = tags;
  if (way < 0.85) return `<${t}>${thoughts}<${a}>${answer}</${a}>`;
  if (way < 0.95) return `<${t}>${thoughts}</${t}>Answer: ${answer}`;
  return `${thoughts}<${a}>${answer}</${a}>`;
}

function tagged(thoughts: string, answer: string, tags: Tags): string {
  return `<${tags.thoughts}>${thoughts}</${tags.thoughts}><${tags.answer}>${answer}</${tags.answer}>`;
}

function otherTags(rng: Random, asked: Tags): Tags {
  for (;;) {
    const tags = drawTags(rng);
    if (tags.thoughts !== asked.thoughts || tags.answer !== asked.answer) return tags;
  }
}

/** A pair of tags; think and answer, the customary ones, are drawn most often. */
export function drawTags(rng: Random): Tags {
  if (rng.uniform() < 0.35) return { thoughts: 'think', answer: 'answer' };
  return { thoughts: rng.pick(thoughtTags), answer: rng.pick(answerTags) };
}

function think(
  rng: Random,
  puzzle: Puzzle,
  names: readonly string[],
  { effort }: Approach,
): { thoughts: string; answer: string } {
  switch (effort) {
    case 'careful':
      return {
        thoughts: writeReasoning(puzzle.statements, names, knightKnave),
        answer: wordSolution(puzzle.solution, names, knightKnave),
      };
    case 'hasty':
      return thinkHastily(rng, puzzle, names);
    case 'guess':
      return {
        thoughts: rng.pick(['I guess.', 'Just a guess.', 'This is easy.']),
        answer: wordSolution(drawAssignment(rng, names), names, knightKnave),
      };
    case 'hedge':
      return { thoughts: rng.pick(['Hard to tell.', 'Not sure.']), answer: hedge(rng, names) };
  }
}

/** Up to three cases in random order, some verdicts wrong; the first that seems to fit, else any, is the answer. */
function thinkHastily(rng: Random, puzzle: Puzzle, names: readonly string[]): { thoughts: string; answer: string } {
  const cases = rng.shuffled(assignments(names.length));
  const patience = 1 + rng.below(3);
  const lines: string[] = [];
  let taken: Assignment = drawAssignment(rng, names);
  for (const honest of cases.slice(0, patience)) {
    const checks: string[] = [];
    let fits = true;
    for (const [person, statement] of puzzle.statements.entries()) {
      const mistake = rng.uniform() < hastyMistakes;
      const check = writeCheck(statement, person, honest, names, knightKnave, mistake);
      checks.push(check);
      fits = check.endsWith('fits');
      if (!fits) break;
    }
    lines.push([writeCase(honest, names, knightKnave).replace('Try', 'Maybe'), ...checks].join(' '));
    if (fits) {
      taken = honest;
      break;
    }
  }
  return { thoughts: lines.join('\n'), answer: wordSolution(taken, names, knightKnave) };
}

function hedge(rng: Random, names: readonly string[]): string {
  const way = rng.uniform();
  if (way < 0.4) return 'I cannot tell.';
  const known = way < 0.7 ? names.slice(0, -1) : names.slice(0, 1);
  return wordSolution(drawAssignment(rng, known), known, knightKnave);
}

function drawAssignment(rng: Random, names: readonly string[]): boolean[] {
  return names.map(() => rng.below(2) === 0);
}

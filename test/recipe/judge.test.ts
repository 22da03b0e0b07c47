import assert from 'node:assert/strict';
import { constantGuess, judge } from '../../models/recipe/judge.ts';
import { rowsOf } from '../../src/task/knights_and_knaves.ts';

const row = { names: ['Zoey', 'Mia'], solution: { Zoey: 'knave', Mia: 'knight' } };

describe('the judge of the bundled model', () => {
  it('a right answer counts only in the asked shape', () => {
    const right = 'Zoey is a knave, Mia is a knight.';
    assert.equal(judge(row, `<think>x</think><answer>${right}</answer>`).correct, true);
    for (const other of [
      `x\nAnswer: ${right}`,
      `<think>x<answer>${right}</answer>`,
      `<think>x</think><answer>${right}`,
    ]) {
      assert.deepEqual([judge(row, other).askedShape, judge(row, other).correct], [false, false]);
    }
    const twice = `<think>a</think><think>b</think><answer>${right}</answer>`;
    assert.equal(judge(row, twice).askedShape, false);
  });

  it('a wrong, a missing and a doubled identity are not right', () => {
    for (const answer of [
      'Zoey is a knight, Mia is a knight.',
      'Zoey is a knave.',
      'Zoey is a knave, Mia is a knight, Mia is a knave.',
    ]) {
      assert.equal(judge(row, `<think></think><answer>${answer}</answer>`).correct, false, answer);
    }
  });

  it('tells careful and hasty steps from none', () => {
    const effort = (response: string) => [judge(row, response).steps, judge(row, response).careful];
    assert.deepEqual(effort('<think>Try Zoey (knight) Mia (knight): …'), [true, true]);
    assert.deepEqual(effort('Maybe Zoey (knave) Mia (knight): …'), [true, false]);
    assert.deepEqual(effort('<think>I guess.</think>'), [false, false]);
  });

  it('the best constant guess on balanced puzzles is near chance', () => {
    const rows = [...rowsOf('train', { people: { from: 3, to: 3 }, train: 800, test: 0, seed: 2 })];
    const guess = constantGuess(rows);
    assert.ok(guess >= 0.125 && guess < 0.18, String(guess));
  });
});

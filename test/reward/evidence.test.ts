import assert from 'node:assert/strict';
import { scoreResponse } from '../../src/reward/score.ts';
import { flagship } from './knights_and_knaves.ts';

const row = { names: ['Zoey', 'Oliver'], roles: ['knight', 'knave'], solution: { Zoey: 'knave', Oliver: 'knight' } };

/** By rule, what its evidence says in the response. */
function evidence(response: string): Record<string, string[]> {
  const score = scoreResponse(flagship(), row, response, {}, { evidence: true });
  const shown = Object.entries(score.evidence ?? {}).map(([rule, spans]): [string, string[]] => [
    rule,
    spans.map(({ capture, start, end }) => `${capture}: ${response.slice(start, end)}`),
  ]);
  return Object.fromEntries(shown);
}

describe('the evidence for a score', () => {
  it('is the captures that the fired case reads, where they stand', () => {
    const answered = '<think>a</think><answer>So: Zoey is a knave, Oliver is a knight.</answer>';
    assert.deepEqual(evidence(answered), {
      format: ['think: a', 'answer: So: Zoey is a knave, Oliver is a knight.'],
      correctness: ['roles: Zoey is a knave, Oliver is a knight'],
    });
  });

  it('of otherwise is what the conditions above read, of a rule that is read what that rule read', () => {
    const unfinished = '<answer>Zoey is a knave.</answer>';
    const all = ['answer: Zoey is a knave.'];
    assert.deepEqual(evidence(unfinished), { format: all, correctness: all });
  });

  it('is left out where nobody asks for it', () => {
    assert.equal('evidence' in scoreResponse(flagship(), row, ''), false);
  });
});

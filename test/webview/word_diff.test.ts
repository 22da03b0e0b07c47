// What is different between two prompts, word by word.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { wordDiff } from '../../src/webview/word_diff.ts';

const side = (before: string, after: string, other: 'gone' | 'come') =>
  wordDiff(before, after)
    .filter(({ kind }) => kind !== other)
    .map(({ text }) => text)
    .join('');

const text = fc.array(fc.constantFrom('a', 'b', ' ', '\n', '+2', '-1.5', ':', '日本', '🙂', '\t'), { maxLength: 60 });

describe('the difference of two texts', () => {
  it('gives each of them back', () => {
    fc.assert(
      fc.property(text, text, (one, two) => {
        const [before, after] = [one.join(''), two.join('')];
        assert.equal(side(before, after, 'come'), before);
        assert.equal(side(before, after, 'gone'), after);
      }),
    );
  });

  it('is nothing between a text and itself', () => {
    fc.assert(
      fc.property(text, (one) => assert.ok(wordDiff(one.join(''), one.join('')).every(({ kind }) => kind === 'same'))),
    );
  });

  it('is the words that were put in, and no more', () => {
    const before = 'Think first.\nThen answer.';
    assert.deepEqual(wordDiff(before, 'Think first.\nScoring:\n+2: right\nThen answer.'), [
      { kind: 'same', text: 'Think first.\n' },
      { kind: 'come', text: 'Scoring:\n+2: right\n' },
      { kind: 'same', text: 'Then answer.' },
    ]);
    assert.deepEqual(wordDiff('+2: right', '-2: right'), [
      { kind: 'gone', text: '+' },
      { kind: 'come', text: '-' },
      { kind: 'same', text: '2: right' },
    ]);
  });

  it('gives the search up where texts are long and wholly different', () => {
    const long = (word: string) => Array.from({ length: 30_000 }, (_, i) => `${word}${i}`).join(' ');
    assert.deepEqual(
      wordDiff(long('a'), long('b')).map(({ kind }) => kind),
      ['gone', 'come'],
    );
  });
});

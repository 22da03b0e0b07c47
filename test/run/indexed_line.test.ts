// What the index reads of a line is what the whole line says, and what is no line is none.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RolloutLine } from '../../src/run/format.ts';
import { IndexedLine, indexedLine } from '../../src/run/rollouts/indexed_line.ts';
import { sampleRollouts } from '../webview/sample_run.ts';

const [first] = sampleRollouts(3);
assert.ok(first);
const line: RolloutLine = first;
const bytesOf = (text: string) => Buffer.from(text);
const whole = (text: string) => {
  const { token_ids, ...rest } = RolloutLine.parse(JSON.parse(text));
  return IndexedLine.parse({ ...rest, tokens: token_ids.length });
};

describe('a line of rollouts as it is indexed', () => {
  it('says what the whole line says, whatever stands in it and however it is spaced', () => {
    const texts = fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', 'é', '🙂', '\n', ' a') });
    fc.assert(
      fc.property(texts, fc.array(texts), fc.jsonValue(), fc.constantFrom(0, 1, 3), (text, tokens, row, space) => {
        const numbers = tokens.map((_, i) => i / 2);
        const made = {
          ...{ ...line, response: text, prompt: `${text}?`, row: { [text]: row }, captures: { think: row } },
          ...{ token_texts: tokens, token_ids: numbers, log_probabilities: numbers, entropies: numbers },
        };
        const written = JSON.stringify(made, null, space);
        assert.deepEqual(indexedLine(bytesOf(written)), whole(written));
      }),
    );
  });

  it('is none where it is cut, goes on, or lacks a part', () => {
    const written = JSON.stringify(line);
    for (let end = 0; end < written.length; end += 7) assert.equal(indexedLine(bytesOf(written.slice(0, end))), null);
    for (const other of ['null', '[]', '3', 'nonsense', `${written}}`, `${written}{}`, `[${written}]`, '{"step":3}'])
      assert.equal(indexedLine(bytesOf(other)), null, other);
    for (const name of Object.keys(line).filter((one) => !['shown_rules', 'answers', 'invalid'].includes(one))) {
      const { [name]: _, ...rest }: Record<string, unknown> = { ...line };
      assert.equal(indexedLine(bytesOf(JSON.stringify(rest))), null, name);
    }
  });
});

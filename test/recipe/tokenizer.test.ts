import assert from 'node:assert/strict';
import fc from 'fast-check';
import { demonstrationRules, demonstrationSystem } from '../../models/recipe/demonstration.ts';
import { buildTokenizer, tokenizerConfig, words } from '../../models/recipe/tokenizer.ts';
import { createTokenizer } from '../../src/model/tokenizer.ts';
import { generateRows } from '../../src/task/knights_and_knaves.ts';

describe("the bundled model's tokenizer", () => {
  const tokenizer = createTokenizer(buildTokenizer(words), tokenizerConfig());
  const cut = (text: string): string[] => tokenizer.encode(text).map((id) => tokenizer.token(id));

  it('any text comes back unchanged', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(
        text,
        (original) => tokenizer.decode(tokenizer.encode(original), { specialTokens: true }) === original,
      ),
    );
  });

  it('signed numbers, tags and turns of phrase are one token each', () => {
    assert.deepEqual(cut('+2: -1.5'), ['+2', ':', ' -1.5']);
    assert.deepEqual(cut('<think>Try</think><answer>'), ['<think>', 'Try', '</think>', '<answer>']);
    assert.deepEqual(cut('Zoey is a knave, Oliver is not a knight.'), [
      'Zoey',
      ' is a knave',
      ',',
      ' Oliver',
      ' is not a knight',
      '.',
    ]);
    assert.deepEqual(cut(' Mia (knight) says'), [' Mia', ' (knight)', ' says']);
  });

  it('a turn of phrase ends where a word ends', () => {
    assert.deepEqual(cut(' is a knight').length, 1);
    assert.ok(cut(' is a knighthood').length > 2);
  });

  it("the demonstration's prompts, puzzles and reasoning need no single bytes inside words", () => {
    const rows = generateRows({ people: { from: 2, to: 4 }, train: 60, test: 0, seed: 4 }).train;
    const texts = rows.flatMap((row) => [row.quiz, row.reasoning, row.solution_text]);
    for (const text of [demonstrationSystem, demonstrationRules, ...texts]) {
      const broken = cut(text).filter((token) => /^\p{L}$/u.test(token) && token !== 'a');
      assert.deepEqual(broken, [], text);
    }
    const lengths = rows.filter((row) => row.people === 3).map((row) => tokenizer.encode(row.reasoning).length);
    assert.ok(Math.max(...lengths) < 340 && lengths.reduce((a, b) => a + b, 0) / lengths.length < 160);
  });

  it('control tokens are recognised in text and left out of what is read', () => {
    const ids = tokenizer.encode('<|im_start|>user\nhello<|im_end|>');
    assert.equal(ids.filter((id) => tokenizer.specialTokens.has(id)).length, 2);
    assert.deepEqual(tokenizer.endTokens, [ids.at(-1)]);
    assert.equal(tokenizer.decode(ids), 'user\nhello');
  });
});

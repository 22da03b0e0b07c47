import assert from 'node:assert/strict';
import { promptText } from '../../models/recipe/batches.ts';
import { drawSample } from '../../models/recipe/corpus.ts';
import { buildTokenizer, tokenizerConfig, words } from '../../models/recipe/tokenizer.ts';
import { createTokenizer } from '../../src/model/tokenizer.ts';

describe('the list of words', () => {
  it('has no word twice', () => {
    assert.equal(new Set(words).size, words.length);
  });

  it('covers the corpus: no letter of it is spelled out but those of words of one letter', () => {
    const tokenizer = createTokenizer(buildTokenizer(words), tokenizerConfig());
    const options = { seed: 9, samples: 600 };
    for (let index = 0; index < options.samples; index++) {
      const sample = drawSample(options, index);
      const tokens = tokenizer.encode(promptText(sample) + sample.response).map((id) => tokenizer.token(id));
      const spelled = tokens.filter((token) => /^\p{L}$/u.test(token) && token !== 'a' && token !== 'I');
      assert.deepEqual(spelled, [], sample.system);
    }
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { messagesOf, partsOf, tokensWithin } from '../../src/run/chat_text.ts';
import { bestScores } from '../../src/run/rollouts/verdict.ts';
import { sampleOf } from '../../src/run/view.ts';
import { answerRows, comparisonsOf } from '../../src/webview/rollouts/answers.ts';
import { intensity, type TokenMeasure } from '../../src/webview/rollouts/token_colour.ts';
import { sampleRollouts, specification } from './sample_run.ts';

const samples = sampleRollouts(7).map((line, index) => sampleOf(line, index, false));

describe('what the rollouts show', () => {
  it('tells reasoning, answer and the rest apart', () => {
    const parts = partsOf('Hm. <think>a</think> so <answer>b</answer>');
    assert.deepEqual(
      parts.map(({ kind, text }) => [kind, text]),
      [
        ['rest', 'Hm. '],
        ['reasoning', 'a'],
        ['rest', ' so '],
        ['answer', 'b'],
      ],
    );
  });

  it('takes reasoning that never ends to the end', () => {
    assert.deepEqual(
      partsOf('<think>on and <answer>on').map(({ kind, text }) => [kind, text]),
      [['reasoning', 'on and <answer>on']],
    );
  });

  it('finds parts in order, never outside the response, whatever it is', () => {
    const piece = fc.constantFrom('<think>', '</think>', '<answer>', '</answer>', 'word ', '\n', '<', '🙂');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const response = pieces.join('');
        let at = 0;
        for (const part of partsOf(response)) {
          assert.ok(part.from >= at && part.to >= part.from && part.to <= response.length);
          assert.equal(part.text, response.slice(part.from, part.to));
          at = part.to;
        }
      }),
    );
  });

  it('cuts tokens at the borders of a part and covers it exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, maxLength: 4 })), fc.nat(60), fc.nat(60), (texts, a, b) => {
        const response = texts.join('');
        const [from, to] = [Math.min(a, b, response.length), Math.min(Math.max(a, b), response.length)];
        const spans = tokensWithin(response, texts, from, to);
        assert.equal(spans?.map((span) => span.text).join(''), response.slice(from, to));
      }),
    );
  });

  it('does not colour a response whose tokens do not join to it', () => {
    assert.equal(tokensWithin('é', ['\ufffd', '\ufffd'], 0, 1), null);
  });

  it('takes a ChatML and a Llama prompt apart, and leaves another whole', () => {
    assert.deepEqual(
      messagesOf('<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n'),
      [
        { role: 'system', text: 'S' },
        { role: 'user', text: 'U' },
      ],
    );
    assert.deepEqual(messagesOf('<|start_header_id|>user<|end_header_id|>\n\nU<|eot_id|>'), [
      { role: 'user', text: 'U' },
    ]);
    assert.deepEqual(messagesOf('Question: U'), []);
  });

  it('finds which capture is compared with which column, and sets their values side by side', () => {
    assert.deepEqual(comparisonsOf(specification), [{ capture: 'roles', column: 'solution' }]);
    const wrong = samples[1];
    assert.ok(wrong);
    assert.deepEqual(answerRows(wrong, { capture: 'roles', column: 'solution' }), [
      { name: 'Zoey', found: 'knight', truth: 'knave' },
      { name: 'Oliver', found: 'knight', truth: 'knight' },
    ]);
  });

  it('calls a response right when every rule that counts gave its best score', () => {
    const seen = { format: [1, -1], correctness: [2] };
    const best = bestScores(specification, (rule) => (rule === 'format' ? seen.format : seen.correctness));
    assert.deepEqual(
      [...best],
      [
        ['format', 1],
        ['correctness', 2],
      ],
    );
    const [format, correctness] = specification.rules;
    assert.ok(format && correctness);
    const computed = {
      ...format,
      cases: format.cases.map((one) => ({ ...one, score: { kind: 'builtin' as const, name: 'tokens' as const } })),
    };
    const rules = [computed, { ...correctness, isMetric: true }];
    assert.deepEqual([...bestScores({ rules }, () => [3, 7, 5])], [['format', 7]]);
  });

  it('colours a token from sure to surprised', () => {
    const tokens = { texts: ['a', 'b', 'c'], logProbabilities: [0, -2.3, -99], entropies: [0, 1.15, 99] };
    const by = (measure: TokenMeasure, advantage: number | null = null, lift: number[] | null = null) =>
      [0, 1, 2].map((index) => intensity(tokens, index, { measure, advantage, lift }).toFixed(2));
    assert.deepEqual(by('logProbability'), ['0.00', '0.50', '1.00']);
    assert.deepEqual(by('entropy'), ['0.00', '0.50', '1.00']);
    assert.deepEqual(by('advantage', -2), ['0.00', '-0.90', '-1.00']);
    assert.deepEqual(by('lift', null, [0.25, -3, 3]), ['0.25', '-1.00', '1.00']);
  });
});

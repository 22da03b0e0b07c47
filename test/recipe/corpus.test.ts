import assert from 'node:assert/strict';
import { batches, promptText, rowOf } from '../../models/recipe/batches.ts';
import { course, drawSample, type Sample } from '../../models/recipe/corpus.ts';
import { drawRules, expectedScore, type Rule, signed, type Tags, wordRules } from '../../models/recipe/rules.ts';
import { buildTokenizer, tokenizerConfig, words } from '../../models/recipe/tokenizer.ts';
import { createTokenizer } from '../../src/model/tokenizer.ts';
import { random } from '../../src/spec/random.ts';
import { generateRows } from '../../src/task/knights_and_knaves.ts';

const tags: Tags = { thoughts: 'think', answer: 'answer' };

/** The statements with persons by number, parts of symmetric connectives in a fixed order. */
function shape(quiz: string): string {
  const said = [...quiz.matchAll(/(\w+) (?:said|told you|claimed|stated|remarked) that ([^.]+)\./g)];
  const names = said.map((match) => match[1] ?? '');
  return said
    .map(([, , what = '']) => names.reduce((text, name, i) => text.replaceAll(name, `P${i}`), what))
    .map((text) => {
      const symmetric = /^(P.+?) (and|or|if and only if) (P.+)$/.exec(text);
      return symmetric ? [symmetric[1], symmetric[3]].sort().join(` ${symmetric[2]} `) : text;
    })
    .join(' | ');
}

describe('the warm start’s corpus', () => {
  const options = { seed: 1, samples: 3000 };
  const samples = Array.from({ length: options.samples }, (_, index) => drawSample(options, index));

  it('holds out the test structures of the demonstration and of any other seed', () => {
    const seen = new Set(samples.map(({ user }) => shape(user)));
    for (const seed of [1, 2, 3]) {
      const { test } = generateRows({ people: { from: 2, to: 3 }, train: 0, test: 100, seed });
      assert.ok(test.every(({ quiz }) => !seen.has(shape(quiz))));
    }
  });

  it('holds out the demonstration’s heading and its combination of numbers', () => {
    const correct =
      /^([+-][\d.]+): (?:every identity is stated correctly|the answer is correct|every role is right|the solution is found)$/m;
    const wrong =
      /^([+-][\d.]+): (?:every identity is stated, but|the answer is wrong|at least one role is wrong|the solution is not found)/m;
    const ruled = samples.filter((sample) => sample.ruled);
    assert.ok(ruled.length > 1000);
    for (const { system } of ruled) {
      assert.ok(!system.includes('Evaluation Scoring Rules'));
      const sizes = [correct, wrong].map((pattern) => Math.abs(Number(pattern.exec(system)?.[1] ?? 0)));
      assert.notDeepEqual(sizes, [2, 1.5], system);
    }
  });

  it('careful reasoning ends in the solution, and has become rare without rules by the end', () => {
    const late = samples.slice(2000).filter(({ kind, ruled }) => !ruled && kind !== 'practice');
    const careful = late.filter(({ approach }) => approach?.effort === 'careful').length / late.length;
    const shaped = late.filter(({ approach }) => approach?.askedShape).length / late.length;
    assert.ok(careful > 0.06 && careful < 0.2, String(careful));
    assert.ok(shaped > 0.25 && shaped < 0.45, String(shaped));
    for (const { approach, response } of samples) {
      if (approach?.effort !== 'careful') continue;
      const found = /(?:^|\n|>)Try ([^:]+):[^\n<]*fits(?:<|\n)/.exec(response)?.[1] ?? '';
      const answer = found.replaceAll(/(\w+) \((\w+)\)/g, '$1 is a $2').replaceAll(/(knight|knave) (?=[A-Z])/g, '$1, ');
      assert.ok(response.includes(`${answer}.`), response);
    }
  });

  it('the same seed gives the same sample, whatever is drawn before it', () => {
    assert.deepEqual(drawSample(options, 1234), samples[1234]);
    assert.notDeepEqual(drawSample({ ...options, seed: 2 }, 1234), samples[1234]);
  });

  it('the course starts with careful lessons and ends with the mixture that reinforcement starts from', () => {
    assert.ok(course(0).mixture.careful > 0.7 && course(1).mixture.careful < 0.2);
    assert.ok(course(0).inverted < course(1).inverted);
  });
});

describe('random scoring rules', () => {
  const rule = (score: number, condition: Rule['cases'][number]['condition']): Rule => ({
    title: 'Format:',
    cases: [{ score, condition, phrase: 'x' }],
  });

  it('the expected score follows the sign', () => {
    const [plain, tagged] = [false, true].map((askedShape) => ({ effort: 'careful' as const, askedShape }));
    assert.ok(plain && tagged);
    assert.equal(expectedScore([rule(2, 'asked shape')], tagged), 2);
    assert.equal(expectedScore([rule(-2, 'asked shape')], tagged), -2);
    assert.equal(expectedScore([rule(2, 'asked shape')], plain), 0);
    assert.equal(expectedScore([rule(3, 'correct')], plain), 3);
    assert.ok(Math.abs(expectedScore([rule(2, 'correct')], { effort: 'hasty', askedShape: true }) - 0.6) < 1e-12);
    assert.equal(expectedScore([rule(-1, 'missing')], { effort: 'hedge', askedShape: true }), -1);
  });

  it('of a rule’s cases the first that holds counts', () => {
    const first: Rule = {
      title: 'Answer:',
      cases: [
        { score: -2, condition: 'unreadable shape', phrase: 'x' },
        { score: 2, condition: 'correct', phrase: 'y' },
      ],
    };
    assert.equal(expectedScore([first], { effort: 'careful', askedShape: false }), -2);
    assert.equal(expectedScore([first], { effort: 'careful', askedShape: true }), 2);
  });

  it('every case is shown as a signed score, a colon and its condition', () => {
    const rng = random(7, 'rules');
    for (let i = 0; i < 300; i++) {
      const rules = drawRules(rng, tags, { single: 0.4, inverted: 0.4 });
      const text = wordRules(rng, rules);
      for (const { score, phrase } of rules.flatMap(({ cases }) => cases)) {
        assert.ok(text.includes(`${signed(score)}: ${phrase}`), text);
      }
    }
    assert.deepEqual([2, -1.5].map(signed), ['+2', '-1.5']);
  });
});

describe('batches of the corpus', () => {
  const encode = (text: string): number[] => [...Buffer.from(text)].slice(0, 300);
  const options = { seed: 3, samples: 400, lengthStep: 32, batchTokens: 2048 };

  it('rows of one batch pad to the same length, and every run gives the same batches', () => {
    const all = [...batches(options, encode)];
    assert.ok(all.length > 10);
    for (const { rows } of all) {
      const lengths = new Set(rows.map(({ tokens }) => Math.ceil((tokens.length - 1) / 32)));
      assert.equal(lengths.size, 1);
      assert.ok(rows.length * Math.max(...lengths) * 32 <= 2048);
    }
    assert.deepEqual([...batches(options, encode)], all);
  });

  const sampleOf = (kind: Sample['kind']): Sample => {
    const found = Array.from({ length: 200 }, (_, index) => drawSample(options, index)).find(
      (one) => one.kind === kind,
    );
    assert.ok(found);
    return found;
  };

  it('of a choice only the first two tokens are there, of a reading lesson only the scores count', () => {
    const tokenizer = createTokenizer(buildTokenizer(words), tokenizerConfig());
    const weighted = (sample: Sample) => {
      const { tokens, weights } = rowOf(sample, (text) => tokenizer.encode(text));
      return tokens.filter((_, i) => (weights?.[i] ?? 0) > 1).map((token) => tokenizer.token(token));
    };
    const choice = sampleOf('choice');
    assert.equal(choice.response.startsWith(weighted(choice).join('')), true);
    assert.equal(weighted(choice).length, 2);
    for (const token of weighted(sampleOf('reading'))) assert.match(token, /^ (?:[+-][\d.]+|good|bad)$/);
    assert.ok(weighted(sampleOf('reading')).length >= 2);
  });

  it('the prompt counts a tenth, the response fully, its first two tokens four times', () => {
    const sample = sampleOf('answer');
    const row = rowOf(sample, (text) => [...Buffer.from(text)]);
    const start = Buffer.from(promptText(sample)).length;
    const weights = Array.from(row.weights ?? []).map((weight) => Math.round(weight * 10) / 10);
    assert.deepEqual(weights.slice(start - 1, start + 3), [0.1, 4, 4, 1]);
    assert.equal(weights.length, row.tokens.length);
  });
});

// The filter language of the rollouts: what passes, what is wrong with a filter, and what may come next.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { completeFilter } from '../../src/run/filter/completion.ts';
import { FACTS, type FilterNames } from '../../src/run/filter/expression.ts';
import { parseFilter } from '../../src/run/filter/parse.ts';
import type { RolloutLine } from '../../src/run/format.ts';
import { makeBlock, type PlacedLine } from '../../src/run/rollouts/block.ts';
import { CaseCounter } from '../../src/run/rollouts/case_tally.ts';
import type { ListOrder } from '../../src/run/rollouts/list_query.ts';
import { list } from '../../src/run/rollouts/listing.ts';
import { blockTexts, textLines } from '../../src/run/rollouts/texts.ts';
import { bestOfBlocks } from '../../src/run/rollouts/verdict.ts';
import { sampleRollouts, specification } from '../webview/sample_run.ts';

const names: FilterNames = {
  rules: ['format', 'correctness'],
  captures: ['roles', 'answer'],
  metrics: ['kl', 'completions/mean_length'],
};

const lines = sampleRollouts(7).map((line, i) => ({
  ...line,
  captures: { ...line.captures, answer: i === 0 ? 42 : i === 1 ? '7' : i === 2 ? line.response : null },
  ...(i === 7 && { reward: null }),
}));

function placed(given: readonly RolloutLine[]): PlacedLine[] {
  return given.map((line, i) => ({ line: { ...line, tokens: line.token_ids.length }, offset: i, length: 1 }));
}

const { block, texts } = makeBlock({ kind: 'train', step: 7 }, placed(lines), {
  bytes: 100,
  modified: 0,
  unreadable: 0,
});

it('reads every example of docs/filters.md, and the page names every fact', () => {
  const page = readFileSync(new URL('../../docs/filters.md', import.meta.url), 'utf8');
  const examples = [...page.matchAll(/^\| [^|]+ \| `([^`]+)` \|$/gm)].map(([, example = '']) => example);
  assert.ok(examples.length > 12);
  for (const example of examples) assert.equal(parseFilter(example, names).problem, null, example);
  for (const fact of FACTS) assert.ok(page.includes(`\`${fact}`), fact);
});

const query = (filter: string, order: ListOrder = 'prompt', search = '') =>
  list(
    {
      blocks: [block],
      names,
      rules: specification.rules,
      best: bestOfBlocks(specification, [block]),
      texts: (one) => blockTexts(one, texts),
      lines: (one) => textLines(one, texts),
      metric: (name) => (name === 'kl' ? 0.5 : null),
      note: (_, row) => (row === 3 ? { starred: true, note: 'Odd one' } : null),
    },
    { set: null, filter, search, order },
  );
const passing = (filter: string, order?: ListOrder, search?: string) =>
  [...query(filter, order, search).rows()].map(({ index }) => index);

describe('a filter of rollouts', () => {
  for (const [filter, expected] of [
    ['', [0, 1, 2, 3, 4, 5, 6, 7]],
    ['right', [0, 4]],
    ['not right and format is 1', [1, 2, 5, 6]],
    ['correctness < 0 and text contains "HONEST"', [1, 5]],
    ['case(format) == 1', [3, 7]],
    ['format = -1 or reward >= 3', [0, 3, 4, 7]],
    ['not (format = -1 or reward >= 3)', [1, 2, 5, 6]],
    ['roles is none', [2, 3, 6, 7]],
    ['roles is not none and prompt == 2', [4, 5]],
    ['roles contains "knave"', [0, 4]],
    ['answer == 42', [0]],
    ['answer == "7"', [1]],
    ['answer > 5', [0, 1]],
    ['answer contains "onerror"', [2]],
    ['answer != 42', [1, 2]],
    ['answer', [0, 1, 2]],
    ['starred', [3]],
    ['note contains "odd"', [3]],
    ['invalid', [7]],
    ['reward < -1', [3]],
    ['kl > 0.4 and sample == 1', [0, 4]],
    ['metric("completions/mean_length") > 0', []],
    ['metric("completions/mean_length") is none and finished', [0, 1, 2, 4, 5, 6]],
    ['prompt_text contains "puzzle 1"', [4, 5, 6, 7]],
    ['step == 7 and text not contains "zoey"', [2, 3, 6, 7]],
    ["text contains 'on and on 7'", [3, 7]],
  ] as const) {
    it(filter || '(empty)', () => assert.deepEqual(passing(filter), expected));
  }

  for (const [filter, problem] of [
    ['corectness < 0', { kind: 'unknownName', name: 'corectness', nearest: 'correctness', from: 0, to: 10 }],
    ['case(forma) == 1', { kind: 'unknownRule', name: 'forma', nearest: 'format', from: 5, to: 10 }],
    ['metric("kI") > 1', { kind: 'unknownMetric', name: 'kI', nearest: 'kl', from: 7, to: 11 }],
    ['text contains "wait', { kind: 'openText', from: 14, to: 19 }],
    ['(right', { kind: 'openParenthesis', from: 0, to: 1 }],
    ['reward >', { kind: 'missing', from: 8, to: 8 }],
    ['reward > 1 2', { kind: 'unexpected', found: '2', from: 11, to: 12 }],
    ['text contains right', { kind: 'notText', from: 14, to: 19 }],
    ['reward', { kind: 'notCondition', from: 0, to: 6 }],
    ['reward # 2', { kind: 'unexpected', found: '#', from: 7, to: 8 }],
  ] as const) {
    it(`says what is wrong with ${filter}`, () => {
      const parsed = parseFilter(filter, names);
      if (filter === 'reward # 2') assert.equal(parsed.problem?.kind, 'notCondition');
      else assert.deepEqual(parsed.problem, problem);
      assert.deepEqual(query(filter).count, 0);
    });
  }

  it('never throws, whatever is typed, and marks a place inside of it', () => {
    const piece = fc.constantFrom(
      'reward',
      'not',
      '(',
      ')',
      '<',
      '"',
      'a',
      ' ',
      'contains',
      '1',
      '\u202e',
      'case',
      '!',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const source = pieces.join('');
        const { problem } = parseFilter(source, names);
        if (problem) assert.ok(problem.from >= 0 && problem.from <= problem.to && problem.to <= source.length);
        completeFilter(source, source.length, names);
      }),
    );
    assert.equal(parseFilter('('.repeat(10_000), names).problem?.kind, 'unexpected');
  });

  it('orders by a number, responses without it last', () => {
    assert.deepEqual(passing('', 'rewardDown').slice(0, 2), [0, 4]);
    assert.deepEqual(passing('', 'rewardUp').at(-1), 7);
    const lengths = lines.map(({ token_ids }) => token_ids.length);
    const longest = passing('', 'longest').map((i) => lengths[i]);
    assert.deepEqual(
      longest,
      [...lengths].sort((a, b) => b - a),
    );
  });

  it('puts a heading before the responses of a prompt, with the numbers of all of them', () => {
    const listing = query('right');
    assert.equal(listing.items, 4);
    const [group, row] = [listing.item(0), listing.item(1)];
    assert.deepEqual(group && group.kind === 'group' && [group.asked, group.size, group.right], [
      'Who is who, puzzle 0?',
      4,
      1,
    ]);
    assert.deepEqual(row && row.kind === 'row' && [row.snippet, row.scores], [
      'Zoey is a knave, Oliver is a knight.',
      [1, 2],
    ]);
    assert.equal(listing.placeOf({ kind: 'train', step: 7 }, 4), 3);
  });

  it('searches words in the response and its prompt', () => {
    assert.deepEqual(passing('', 'prompt', 'PUZZLE honest'), [1, 5]);
    assert.deepEqual(passing('right', 'prompt', 'honest'), []);
  });
});

describe('what may come next in a filter', () => {
  const inserts = (source: string) => completeFilter(source, source.length, names).map(({ insert }) => insert);

  it('begins with names, the rules first', () =>
    assert.deepEqual(inserts('').slice(0, 3), ['format', 'correctness', 'roles']));
  it('completes the word at the cursor', () =>
    assert.deepEqual(inserts('reward > 1 and co').slice(0, 1), ['correctness']));
  it('offers signs after a name', () => assert.ok(inserts('correctness ').includes('contains ""')));
  it('offers and, or after a condition', () => assert.deepEqual(inserts('reward > 1 '), ['and ', 'or ']));
  it('offers rules in case( and metrics in metric(', () => {
    assert.deepEqual(inserts('case('), ['format', 'correctness']);
    assert.deepEqual(inserts('metric("mean'), ['"completions/mean_length")']);
  });
  it('replaces what was typed', () => {
    const [first] = completeFilter('right and to', 12, names);
    assert.deepEqual(first, { insert: 'tokens', kind: 'fact', from: 10, to: 12 });
  });
  it('is silent inside a text', () => assert.deepEqual(inserts('text contains "co'), []));
});

it('counts how often each case fired, whatever the filter', () => {
  const counted = query('').tallies;
  assert.deepEqual(
    counted.map(({ rule }) => rule),
    specification.rules.map(({ name }) => name),
  );
  for (const { rule, cases, unjudged } of counted) {
    const judged = lines.flatMap((line) => line.rules[rule] ?? []);
    assert.equal(unjudged, lines.length - judged.length, rule);
    for (const [place, { count, mean }] of cases.entries()) {
      const fired = judged.filter((one) => one.case === place);
      assert.equal(count, fired.length, `${rule} ${place}`);
      const sum = fired.reduce((all, { score }) => all + score, 0);
      assert.equal(mean, fired.length === 0 ? null : sum / fired.length);
    }
  }
  assert.deepEqual(query('reward > 100').tallies, counted);
});

it('counts no case that the rule does not have', () => {
  const odd = lines.map((line, i) => ({
    ...line,
    rules: { format: { case: [-1, 0.5, 1e9, Number.NaN][i % 4] ?? 0, score: 1, weight: 1 } },
  }));
  const counter = new CaseCounter(specification.rules);
  counter.add(makeBlock({ kind: 'train', step: 1 }, placed(odd), { bytes: 1, modified: 0, unreadable: 0 }).block);
  for (const { cases, unjudged } of counter.tallies) {
    assert.equal(unjudged, lines.length);
    assert.ok(cases.every(({ count, mean }) => count === 0 && mean === null));
  }
});

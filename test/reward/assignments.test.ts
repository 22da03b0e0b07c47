import assert from 'node:assert/strict';
import fc from 'fast-check';
import { assignments } from '../../src/reward/assignments.ts';
import { scan } from '../../src/reward/scan.ts';

const lists = (columns: Record<string, string[]>) => (name: string) => columns[name];
const people = lists({ names: ['Zoey', 'Oliver', 'Mary Ann', 'Ann'], roles: ['knight', 'knave'] });
const pairsOf = (...given: Parameters<typeof assignments>) => {
  const found = assignments(...given);
  return found && Object.fromEntries(found.pairs);
};
const read = (text: string) => pairsOf(text, '{name} is a {role}', people);

describe('assignments', () => {
  it('are read whatever stands around them, in any case and with any white space', () => {
    assert.deepEqual(read('(1) ZOEY is\n\ta Knave; (2) Oliver is a knight.'), { Zoey: 'knave', Oliver: 'knight' });
  });

  it('take the longest name that is there', () => {
    assert.deepEqual(read('Mary  Ann is a knight, Ann is a knave'), { 'Mary Ann': 'knight', Ann: 'knave' });
  });

  it('are not read from parts of words', () => {
    assert.deepEqual(read('Zoey2 is a fool'), {});
    assert.equal(read('Zoey is a knights'), null);
    assert.equal(read('Zoey isa knight'), null);
  });

  it('are none when nothing is said, someone is named twice, or a role is mentioned beside them', () => {
    for (const text of [
      '',
      ' \n',
      'Zoey is a knight, Zoey is a knight',
      'Zoey is a knight or a knave',
      'Knights lie',
    ]) {
      assert.equal(read(text), null, text);
    }
  });

  it('take any one word for a hole without a column', () => {
    const pairs = pairsOf('The sky is blue; the grass is green.', '{thing} is {colour}', lists({}));
    assert.deepEqual(pairs, { sky: 'blue', grass: 'green' });
    assert.equal(assignments('sky is blue, sky is red', '{thing} is {colour}', lists({})), null);
  });

  it('need a pattern with two holes', () => {
    for (const pattern of ['', 'is a', '{name} is', '{name} {name} {role}']) {
      assert.equal(assignments('Zoey is a knight', pattern, people), null);
    }
  });
});

describe('scanning', () => {
  it('loses no character of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const tokens = scan(text);
        assert.equal(tokens.map((token) => token.text).join(''), text);
        tokens.forEach(({ kind }, i) => {
          assert.ok(kind === 'other' || kind !== tokens[i + 1]?.kind);
        });
      }),
    );
  });
});

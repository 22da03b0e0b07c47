// Where the words that Markdown shows stand in its text.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SourcePlaces } from '../../src/webview/rollouts/source_places.ts';

describe('places of shown words', () => {
  it('finds words in their order, of equal ones each its own', () => {
    const places = new SourcePlaces('**no** and no');
    assert.deepEqual([places.findWhole('no'), places.findWhole(' and '), places.findWhole('no')], [2, 6, 11]);
  });

  it('looks in the lines of a block only', () => {
    const places = new SourcePlaces('first &amp;\nsecond &\n');
    places.enter([0, 1]);
    assert.deepEqual(places.find('&'), [{ part: '&', at: 6 }]);
    places.enter([1, 2]);
    assert.deepEqual([places.findWhole('first'), places.findWhole('second')], [null, 12]);
  });

  it('finds the lines of a block of code whose indentation is not shown', () => {
    const places = new SourcePlaces('    a = 1\n    b = 2\n');
    assert.deepEqual(places.find('a = 1\nb = 2\n'), [
      { part: 'a = 1\n', at: 4 },
      { part: 'b = 2\n', at: 14 },
    ]);
  });

  it('never says that words stand where others do', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (text, words) => {
        const places = new SourcePlaces(text);
        for (const { part, at } of words.flatMap((one) => places.find(one)))
          if (at !== null) assert.equal(text.slice(at, at + part.length), part);
      }),
    );
  });
});

// Responses of a megabyte made to hold up whatever reads them: patterns that explode elsewhere, brackets that never
// close, numbers and words without end. Each is scored, by the case that it deserves.

import assert from 'node:assert/strict';
import { checkText } from '../../src/language/check.ts';
import { scoreResponse } from '../../src/reward/score.ts';

const FILE = `experiment huge
task arithmetic
prompt { user "{question}" }
response {
  value = last_number()
  run   = regex("(a+)+$")
  box   = boxed()
  data  = json()
}
reward {
  rule right "Right" {
    -1 when matches(response, "^(([a-z])+.)+[A-Z]([a-z])+$") : "odd"
    -2 when repetition(3) > 0.9                              : "it repeats itself"
    +1 when value == answer and run is none                  : "right"
    0  when box is none and data is none                     : "nothing is there"
    +3 otherwise                                             : "something is there"
  }
}
arm rlvr { motivation none }
`;
const MEGABYTE = 1_000_000;
const filled = (unit: string, end = ''): string => unit.repeat(MEGABYTE / unit.length) + end;

describe('responses of a megabyte', function () {
  this.timeout(120_000);
  const cases: [string, string, number][] = [
    ['one letter, and an end that makes patterns try again', filled('a', '!'), 0],
    ['braces that never close', filled('{'), 0],
    ['boxes that never close', filled('\\boxed{'), 0],
    ['numbers with commas', filled('1,'), 1],
    ['the same words', filled('a b c '), -2],
  ];
  for (const [title, response, expected] of cases) {
    it(`are scored: ${title}`, async () => {
      const { specification: spec, diagnostics } = await checkText(FILE);
      assert.ok(spec, JSON.stringify(diagnostics));
      assert.equal(scoreResponse(spec, { answer: 1 }, response, { tokens: 1, finished: false }).total, expected);
    });
  }
});

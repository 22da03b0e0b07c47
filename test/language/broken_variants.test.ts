// 200 broken variants of each example: tokens deleted, doubled or exchanged, lines cut out, quotes and braces lost, names
// mistyped (mistakes.ts). Whatever is broken, the checker answers, and soon; and a message names the real mistake, not
// only its line: of a misspelt word it quotes what was written or proposes what was meant, of a lost token it says the
// token or how the place is written, of a bracket that it has no partner.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { checkText } from '../../src/language/check.ts';
import { random } from '../../src/spec/random.ts';
import { mistakeIn, namesMistake } from './mistakes.ts';

const VARIANTS = 200;
/** Milliseconds that no variant may take, also on a busy machine. */
const LIMIT = 3000;
/** Of all mistakes that something is said about, so many are named; of each kind, so many. */
const NAMED = 0.98;
const NAMED_OF_EACH_KIND = 0.95;
const examples = new URL('../../examples/', import.meta.url).pathname;
const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.merf'));

describe('200 broken variants of each example', function () {
  this.timeout(300_000);
  const counts = new Map<string, { all: number; missed: string[] }>();

  for (const file of files) {
    it(`are answered: ${file}`, async () => {
      const text = readFileSync(examples + file, 'utf8');
      const chance = random(7, file);
      for (let i = 0; i < VARIANTS; i++) {
        const mistake = mistakeIn(text, chance);
        if (!mistake) continue;
        const started = performance.now();
        const { specification, diagnostics } = await checkText(mistake.text);
        assert.ok(performance.now() - started < LIMIT, `variant ${i} takes too long`);
        assert.ok(specification !== null || diagnostics.length > 0, `variant ${i} is refused without a word`);
        // What is still a valid file is no mistake: a definition that nothing reads may be called anything.
        if (diagnostics.length === 0) continue;
        const { kind, what, from } = mistake;
        const count = counts.get(kind) ?? { all: 0, missed: [] };
        counts.set(kind, count);
        count.all++;
        if (diagnostics.some((each) => namesMistake(each, mistake))) continue;
        count.missed.push(`${file}:${from + 1} ${kind} ${what}: ${diagnostics[0]?.message}`);
      }
    });
  }

  it('have messages that name the mistake', () => {
    const all = [...counts.values()].reduce((sum, each) => sum + each.all, 0);
    const missed = [...counts.values()].flatMap((each) => each.missed);
    assert.ok(all > 1000, `only ${all} mistakes`);
    assert.ok(1 - missed.length / all >= NAMED, missed.join('\n'));
    assert.equal(counts.size, 6);
    for (const [kind, count] of counts) {
      assert.ok(1 - count.missed.length / count.all >= NAMED_OF_EACH_KIND, `${kind}:\n${count.missed.join('\n')}`);
    }
  });
});

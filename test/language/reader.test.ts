// Reading a text block by block gives the tree, and the places, that reading it in one piece gives; and whatever was
// typed before, the diagnostics are those of the text as it stands.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { AstNode } from 'langium';
import { spanOf } from '../../src/language/analysis.ts';
import { blocksOf } from '../../src/language/blocks.ts';
import { analyse } from '../../src/language/check.ts';
import { parse } from '../../src/language/parse.ts';
import { Reader } from '../../src/language/reader.ts';

const golden = new URL('golden/', import.meta.url);
const names = readdirSync(golden);
const read = (name: string): string => readFileSync(new URL(`${name}/input.merf`, golden), 'utf8');
const flagship = readFileSync(new URL('../../examples/knights_and_knaves.merf', import.meta.url), 'utf8');

/** A tree as plain data: every node with its place. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([name]) => !name.startsWith('$') || name === '$type');
  const inner = Object.fromEntries(fields.map(([name, field]) => [name, plain(field)]));
  return isNode(value) && value.$type !== 'File' ? { ...inner, at: spanOf(value) } : inner;
}

function isNode(value: object): value is AstNode {
  return '$type' in value;
}

describe('reading block by block', () => {
  it('gives the tree of the whole text', () => {
    const clean = names.map(read).filter((text) => parse(text).parserErrors.length === 0);
    assert.ok(clean.length > 50);
    const cut = clean.filter((text) => blocksOf(text) !== null);
    assert.ok(cut.length > 0.9 * clean.length, `${cut.length} of ${clean.length} are cut into blocks`);
    for (const text of clean) {
      const whole = parse(text);
      const inBlocks = new Reader().read(text);
      assert.deepEqual(inBlocks.parserErrors, []);
      assert.deepEqual(plain(inBlocks.value), plain(whole.value));
    }
  });

  it('cuts a reward at its rules, each with its place', () => {
    const blocks = blocksOf(flagship) ?? [];
    const rules = blocks.flatMap((block) => block.rules);
    assert.equal(rules.length, 2);
    for (const { text, base, from, to } of rules) {
      assert.match(text.slice(from), /^rule (format|correctness) /);
      assert.equal(text.slice(from, to), flagship.slice(base + from, base + to));
    }
  });

  it('reads only the rule again that was typed in', () => {
    const reader = new Reader();
    const before = reader.read(flagship).value;
    const after = reader.read(flagship.replace('is correctly', 'is   correctly').replace('wrong', 'wrrong')).value;
    const ruleOf = (file: typeof before, index: number) => {
      const reward = file.sections.find((section) => section.$type === 'RewardSection');
      return reward?.$type === 'RewardSection' ? reward.rules[index] : undefined;
    };
    assert.equal(ruleOf(after, 0), ruleOf(before, 0));
    assert.notEqual(ruleOf(after, 1), ruleOf(before, 1));
  });

  it('says of a text what a fresh look says, whatever was typed before', () => {
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      removed: fc.integer({ min: 0, max: 12 }),
      typed: fc.constantFrom('', 'x', '"', '{', '}', '(', ' rule a { +1 otherwise : "x" }', '\n', '//', '"""', '+1'),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), (edits) => {
        const reader = new Reader();
        let text = flagship;
        for (const { at, removed, typed } of edits) {
          const start = Math.floor(at * text.length);
          text = text.slice(0, start) + typed + text.slice(start + removed);
          assert.deepEqual(analyse(text, undefined, reader).diagnostics, analyse(text).diagnostics);
        }
      }),
      { numRuns: 60 },
    );
  });
});

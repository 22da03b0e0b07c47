// 200 broken variants of each example: tokens deleted, doubled or exchanged, lines cut out, quotes and braces lost, names
// mistyped. Whatever is broken, the checker answers, and soon; of a mistyped name some message names what was written, or
// points at the line it stands in.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { checkText, type Diagnostic } from '../../src/language/check.ts';
import { coreServices } from '../../src/language/parse.ts';
import { type Random, random } from '../../src/spec/random.ts';

const VARIANTS = 200;
/** Milliseconds that no variant may take, also on a busy machine. */
const LIMIT = 3000;
const examples = new URL('../../examples/', import.meta.url).pathname;
const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.merf'));

interface Variant {
  text: string;
  /** What was written instead of a name, and its line from 0; null: something else was broken. */
  typo: { written: string; line: number } | null;
}

function tokensOf(text: string): { image: string; start: number; end: number; type: string }[] {
  return coreServices()
    .parser.Lexer.tokenize(text)
    .tokens.map(({ image, startOffset, tokenType }) => ({
      image,
      start: startOffset,
      end: startOffset + image.length,
      type: tokenType.name,
    }));
}

function variant(text: string, chance: Random): Variant {
  const tokens = tokensOf(text);
  const pick = <T>(from: readonly T[]): T | undefined => from[chance.below(Math.max(from.length, 1))];
  const [one, other] = [pick(tokens), pick(tokens)].sort((a, b) => (a?.start ?? 0) - (b?.start ?? 0));
  if (!one || !other) return { text, typo: null };
  const without = (start: number, end: number, written = ''): string =>
    text.slice(0, start) + written + text.slice(end);
  switch (chance.below(7)) {
    case 0:
      return { text: without(one.start, one.end), typo: null };
    case 1:
      return { text: without(one.end, one.end, ` ${one.image}`), typo: null };
    case 2: {
      const between = text.slice(one.end, other.start);
      const swapped = other === one ? one.image : other.image + between + one.image;
      return { text: without(one.start, other.end, swapped), typo: null };
    }
    case 3: {
      const lines = text.split('\n');
      lines.splice(chance.below(lines.length), 1 + chance.below(3));
      return { text: lines.join('\n'), typo: null };
    }
    case 4: {
      const mark = pick(tokens.filter(({ image }) => /^["{}()]/.test(image)));
      return { text: mark ? without(mark.start, mark.start + 1) : text, typo: null };
    }
    default: {
      const name = pick(tokens.filter(({ type, image }) => type !== 'STRING' && /^[A-Za-z_]{4,}$/.test(image)));
      if (!name) return { text, typo: null };
      const at = 1 + chance.below(name.image.length - 2);
      const written =
        name.image.slice(0, at) + name.image.charAt(at + 1) + name.image.charAt(at) + name.image.slice(at + 2);
      const line = text.slice(0, name.start).split('\n').length - 1;
      const typo = written === name.image ? null : { written, line };
      return { text: without(name.start, name.end, written), typo };
    }
  }
}

/** A diagnostic that says what was mistyped, or points at the line of it. */
function names({ message, range }: Diagnostic, { written, line }: { written: string; line: number }): boolean {
  return message.includes(written) || (range.start.line <= line && line <= range.end.line);
}

describe('200 broken variants of each example', function () {
  this.timeout(300_000);

  for (const file of files) {
    it(file, async () => {
      const text = readFileSync(examples + file, 'utf8');
      const chance = random(7, file);
      let typos = 0;
      const missed: string[] = [];
      for (let i = 0; i < VARIANTS; i++) {
        const { text: broken, typo } = variant(text, chance);
        const started = performance.now();
        const { specification, diagnostics } = await checkText(broken);
        assert.ok(performance.now() - started < LIMIT, `variant ${i} takes too long`);
        assert.ok(specification !== null || diagnostics.length > 0, `variant ${i} is refused without a word`);
        // A definition that nothing reads may be called anything.
        if (typo === null || diagnostics.length === 0) continue;
        typos++;
        if (!diagnostics.some((each) => names(each, typo))) missed.push(`${typo.written}: ${diagnostics[0]?.message}`);
      }
      assert.ok(typos > 20, `only ${typos} typos`);
      if (process.env.SHOW === '1') console.log(`${file}: ${typos - missed.length} of ${typos}\n${missed.join('\n')}`);
      assert.ok(missed.length / typos <= 0.05, missed.join('\n'));
    });
  }
});

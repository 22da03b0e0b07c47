// The TextMate grammar against the language's own: every word that the parser knows is coloured, every include leads
// somewhere, and every expression is one. What each token looks like is for the eye.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { AstUtils, GrammarAST } from 'langium';
import { z } from 'zod';
import { coreServices } from '../../src/language/parse.ts';

const root = new URL('../../', import.meta.url).pathname;
const read = (path: string): unknown => JSON.parse(readFileSync(root + path, 'utf8'));

interface Pattern {
  include?: string | undefined;
  match?: string | undefined;
  begin?: string | undefined;
  end?: string | undefined;
  patterns?: Pattern[] | undefined;
}

const Pattern: z.ZodType<Pattern> = z.lazy(() =>
  z.object({
    include: z.string().optional(),
    match: z.string().optional(),
    begin: z.string().optional(),
    end: z.string().optional(),
    patterns: z.array(Pattern).optional(),
  }),
);
const TextMate = z.object({
  scopeName: z.literal('source.merf'),
  patterns: z.array(Pattern),
  repository: z.record(z.string(), Pattern),
});

function everyPattern(patterns: readonly Pattern[]): Pattern[] {
  return patterns.flatMap((pattern) => [pattern, ...everyPattern(pattern.patterns ?? [])]);
}

describe('the colouring of .merf files', () => {
  const grammar = TextMate.parse(read('syntaxes/merf.tmLanguage.json'));
  const patterns = everyPattern([...grammar.patterns, ...Object.values(grammar.repository)]);
  const expressions = patterns
    .flatMap(({ match, begin, end }) => [match, begin, end])
    .filter((each) => each !== undefined);

  it('includes only what there is', () => {
    const included = patterns.flatMap(({ include }) => include ?? []);
    const known = Object.keys(grammar.repository).map((name) => `#${name}`);
    assert.deepEqual(
      included.filter((name) => !known.includes(name)),
      [],
    );
    assert.deepEqual(
      known.filter((name) => !included.includes(name)),
      [],
    );
  });

  it('is made of regular expressions', () => {
    for (const expression of expressions) assert.doesNotThrow(() => new RegExp(expression), expression);
  });

  it('knows every word of the language', () => {
    const words = AstUtils.streamAllContents(coreServices().Grammar)
      .filter(GrammarAST.isKeyword)
      .map(({ value }) => value)
      .filter((value) => /^[A-Za-z_]+$/.test(value));
    const coloured = new Set(
      expressions
        .join(' ')
        .replaceAll('\\b', ' ')
        .match(/[A-Za-z_]+/g),
    );
    assert.deepEqual(
      [...new Set(words)].filter((word) => !coloured.has(word)),
      [],
    );
  });

  it('has a language configuration whose expressions compile', () => {
    const Configuration = z.object({
      wordPattern: z.string(),
      indentationRules: z.object({ increaseIndentPattern: z.string(), decreaseIndentPattern: z.string() }),
      onEnterRules: z.array(z.object({ beforeText: z.string() })),
    });
    const { wordPattern, indentationRules, onEnterRules } = Configuration.parse(read('language-configuration.json'));
    const { increaseIndentPattern, decreaseIndentPattern } = indentationRules;
    for (const text of [wordPattern, decreaseIndentPattern, ...onEnterRules.map(({ beforeText }) => beforeText)]) {
      assert.doesNotThrow(() => new RegExp(text), text);
    }
    const opens = new RegExp(increaseIndentPattern);
    for (const line of ['reward {', '  rule format "Format" {', '  system """']) assert.match(line, opens);
    for (const line of ['arm rlvr { motivation none }', '// a comment {', '  user "{quiz}"'])
      assert.doesNotMatch(line, opens);
  });
});

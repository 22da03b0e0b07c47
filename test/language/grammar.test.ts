// The grammar: what is committed under generated/ is of merf.langium, and its words stay usable as names.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { AstUtils, EmptyFileSystem, GrammarAST } from 'langium';
import { createLangiumGrammarServices } from 'langium/grammar';
import { checkText } from '../../src/language/check.ts';
import { coreServices } from '../../src/language/parse.ts';
import { RESERVED_WORDS } from '../../src/language/tokens.ts';

const root = new URL('../../', import.meta.url).pathname;

function outline(grammar: GrammarAST.Grammar): string[] {
  return grammar.rules.map((rule) => {
    const content = AstUtils.streamAllContents(rule).toArray();
    const words = content.filter(GrammarAST.isKeyword).map(({ value }) => value);
    const properties = content.filter(GrammarAST.isAssignment).map(({ feature, operator }) => feature + operator);
    const calls = content.filter(GrammarAST.isRuleCall).map((call) => call.rule.$refText);
    return `${rule.name}: ${[...words, ...properties, ...calls].join(' ')}`;
  });
}

const words = AstUtils.streamAllContents(coreServices().Grammar)
  .filter(GrammarAST.isKeyword)
  .map(({ value }) => value)
  .filter((value) => /^[a-z]+$/.test(value));
const openWords = [...new Set(words)].filter((word) => !RESERVED_WORDS.includes(word));

/** A file in which everything that can be named has this name, or one that begins with it. */
function everythingNamed(word: string): string {
  return `experiment ${word}
task knights_and_knaves
prompt { user "{quiz} {motivation}" }
response {
  ${word} = tag("${word}")
  ${word}_2 = tag("answer")
  ${word}_3 = assignments(${word}_2, "{name} is {role}")
}
reward {
  rule ${word}_4 {
    +1 when exactly(${word}, ${word}_2) and ${word} is not none : "a"
    +2 when all(${word} in names: ${word} == "Zoey") : "b"
    0 otherwise : "c"
  }
  rule ${word}_5 {
    +2 when ${word}_3 == solution : "z"
    +1 when ${word}_4 is 1 and ${word}_3 == { ${word}: "knave" } : "a"
    0 otherwise : "b"
  }
}
motivation ${word} { "{rules}" }
motivation ${word}_6 = ${word} only ${word}_4, ${word}_5 inverted
arm ${word} { motivation ${word} }
arm ${word}_7 { motivation ${word}_6  train { steps 20 } }
arm none_8 { motivation none }
watch { alert when ${word}_4 > 1 for 2 steps after 3 steps
  stop when share(${word}_4) > 5% }
example "x" {
  row { names: [], solution: { Zoey: "knave" } }
  response ""
  expect reward 0, ${word}_4 0
}
`;
}

/** The same with rules called exactly like the word. */
function ruleNamed(word: string): string {
  return everythingNamed(word)
    .replaceAll(new RegExp(`\\b${word}\\b(?! \\{)(?=[^\\n]*(tag\\(|exactly|not none))`, 'g'), `${word}_1`)
    .replaceAll(`${word}_4`, word)
    .replace(
      `+2 when all(${word} in names: ${word} == "Zoey")`,
      word === 'finished' ? '+2 when response == "z"' : '+2 when finished',
    );
}

describe('the grammar', () => {
  it('is generated from merf.langium as it is now (node src/language/generate.mjs)', () => {
    const services = createLangiumGrammarServices(EmptyFileSystem).grammar;
    const source = readFileSync(`${root}src/language/merf.langium`, 'utf8');
    const { value } = services.parser.LangiumParser.parse<GrammarAST.Grammar>(source);
    assert.deepEqual(outline(coreServices().Grammar), outline(value));
  });

  for (const word of openWords) {
    it(`lets things be called ${word}`, async () => {
      assert.deepEqual((await checkText(everythingNamed(word))).diagnostics, []);
      // in a watch these are the metrics
      const known = ['reward', 'accuracy'].includes(word);
      if (!known) assert.deepEqual((await checkText(ruleNamed(word))).diagnostics, []);
    });
  }

  for (const word of RESERVED_WORDS) {
    it(`reserves ${word}`, async () => {
      assert.equal((await checkText(everythingNamed(word))).diagnostics[0]?.code, 'MERF101');
    });
  }
});

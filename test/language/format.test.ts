// The formatter's laws, on the examples and all golden files as they are and with their white space mangled: what is
// formatted stays as it is when it is formatted again, means the same, and has the same comments.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { analyse } from '../../src/language/check.ts';
import { applyEdits, formatEdits, formatText } from '../../src/language/format.ts';
import { coreServices } from '../../src/language/parse.ts';

const root = new URL('../../', import.meta.url).pathname;
const golden = `${root}test/language/golden/`;
const files = [
  ...readdirSync(`${root}examples`).map((name) => `${root}examples/${name}`),
  ...readdirSync(golden).map((name) => `${golden}${name}/input.merf`),
  `${root}test/language/every_word.merf`,
].filter((path) => path.endsWith('.merf'));
const sources = files.map((path) => readFileSync(path, 'utf8')).filter((text) => formatText(text) !== null);

/** What a text means, without the places where it says so. */
function meaning(text: string): unknown {
  const { understood, diagnostics } = analyse(text);
  const found = diagnostics.map(({ code, message }) => `${code} ${message.replace(/line \d+/g, 'line')}`).sort();
  const withoutPlaces = JSON.stringify(understood, (key, value: unknown) => (key === 'place' ? undefined : value));
  return [JSON.parse(withoutPlaces), found];
}

interface Written {
  image: string;
  type: string;
  start: number;
}

function tokensOf(text: string): Written[] {
  const { tokens, hidden } = coreServices().parser.Lexer.tokenize(text);
  return [...tokens, ...hidden]
    .map(({ image, startOffset, tokenType }) => ({ image, start: startOffset, type: tokenType.name }))
    .sort((a, b) => a.start - b.start);
}

function comments(text: string): string[] {
  return tokensOf(text)
    .filter(({ type }) => type === 'COMMENT')
    .map(({ image }) => image.trimEnd());
}

const SPACES = [' ', '  ', '      ', '\t', '\n', '\n\n', '\n\n\n      ', '\r\n  ', ' \n\t'];

/**
 * Other white space between the tokens. Left as it is: what stands around a comment (its line is its meaning); the new
 * line before a sign (it begins a case there, and nowhere else).
 */
function mangle(text: string, choices: readonly number[]): string {
  let mangled = '';
  let at = 0;
  const tokens = tokensOf(text);
  tokens.forEach(({ image, type, start }, index) => {
    const written = text.slice(at, start);
    const before = tokens[index - 1];
    const choice = choices[index % choices.length] ?? 0;
    const space = SPACES[choice % SPACES.length] ?? ' ';
    const isSign = image === '+' || image === '-';
    const nearComment = type === 'COMMENT' || before?.type === 'COMMENT';
    if (nearComment || before === undefined) mangled += written;
    else if (type === 'CASE_SIGN') mangled += `\n${space}`;
    else if (written === '') mangled += choice % 3 === 0 && !isSign ? space : '';
    else mangled += isSign ? ' ' : space;
    mangled += image;
    at = start + image.length;
  });
  return mangled + text.slice(at);
}

function checkLaws(text: string): void {
  const formatted = formatText(text);
  assert.ok(formatted !== null, text);
  assert.equal(formatText(formatted), formatted);
  assert.deepEqual(meaning(formatted), meaning(text));
  assert.deepEqual(comments(formatted), comments(text));
}

const COMMENTED = `// a head

/// what it is about
/// in two lines
experiment small // here


task knights_and_knaves( people : 3 , // three
  train:100,test: 50) arm none_1{motivation none}
// between
prompt { system """
      Think.
        {motivation}

    """   // done
  user "{quiz}" }
response {
  // first
  think=tag("think")
  /// the answer
  answer =tag( "answer" ) // last
  // end
}
reward { /// no doc
  rule format "Format" weight 0.5{

    +1 when exactly(think,answer) // why
       and // or not
       finished : "both"
    // no parts
    - 1 otherwise:"other" // rest

    // nothing more
  } rule right {+2 when // here
  answer=="knave" and tokens+1>-2 : """
      of several
        lines"""
  0 otherwise : """one"""}
}
motivation full {"{rules}"} motivation part=full only format
motivation other   = part without // rules
  right
arm merf{motivation full train{steps 3 temperature 1.5
  lora{rank 4}}}
// the plan
train { steps 10 group 8 // small
  kl 0.1 } watch { alert when truncated>15% for 3 steps stop when
 kl>2 // much
}
example "x" { row {names:["Zoey"] , // one
  solution:{Zoey:"knave"}} response """<think></think>
<answer>knave</answer>""" expect reward 3,right +2 }
// the end`;

describe('formatting', function () {
  this.timeout(60_000);

  it('keeps the examples and all golden files as they mean', () => {
    assert.ok(sources.length > 30);
    for (const text of sources) checkLaws(text);
  });

  it('keeps comments wherever they stand', () => {
    checkLaws(COMMENTED);
    checkLaws(COMMENTED.replaceAll('\n', '\r\n'));
  });

  it('brings any white space into one layout that means the same', () => {
    const mangled = fc
      .tuple(fc.constantFrom(...sources, COMMENTED), fc.array(fc.nat(1000), { minLength: 1, maxLength: 60 }))
      .map(([source, choices]) => mangle(source, choices));
    fc.assert(fc.property(mangled, checkLaws), { numRuns: 150 });
  });

  it('does not depend on the white space inside lines', () => {
    for (const text of sources) {
      const spread = text.replace(/^( +)/gm, '$1$1').replace(/(?<=\S) (?=[:={]|when)(?=[^"]*$)/gm, '    ');
      if (text.includes('"""')) continue;
      assert.equal(formatText(spread), formatText(text));
    }
  });

  it('leaves a text with a syntax error alone', () => {
    assert.equal(formatText('experiment x\nreward { rule a { +1 if finished } }'), null);
  });

  it('is made of edits that may each be made alone', () => {
    const edits = formatEdits(COMMENTED) ?? [];
    assert.ok(edits.length > 20);
    for (const edit of edits) assert.deepEqual(meaning(applyEdits(COMMENTED, [edit])), meaning(COMMENTED));
  });

  it('keeps the line ends of the text', () => {
    const [text = ''] = sources;
    const formatted = formatText(text.replaceAll('\n', '\r\n'));
    assert.equal(formatted, formatText(text)?.replaceAll('\n', '\r\n'));
  });

  it('leaves an empty text empty', () => {
    assert.equal(formatText('\n\n  \n'), '');
    assert.equal(formatText('// only\n\n\n  // comments'), '// only\n\n// comments\n');
  });
});

// Texts around the rules: each with what is said of it, and many that are left alone because they may be meant as written.

import assert from 'node:assert/strict';
import { checkText } from '../../src/language/check.ts';

interface Texts {
  system?: string;
  full?: string;
  others?: string;
  answer?: string;
}

/** Scores: format +1 or -1; correctness +2, -1.5 or -2; brief +0.5 or 0 at weight 0.5. Total -3 to 3.25. */
function file({ system = 'Think first. {motivation}', full = '{rules}', others = '', answer = '' }: Texts): string {
  return `experiment small
task knights_and_knaves(people: 3, train: 100, test: 50, seed: 1)
prompt {
  system """
    ${system.replaceAll('\n', '\n    ')}
  """
  user "{quiz}"
}
response {
  think  = tag("think")
  answer = tag("answer")
  roles  = assignments(answer, "{name} is a {role}")
}
reward {
  rule format "Format" {
    +1  when exactly(think, answer) : "the response has both parts, once each"
    -1  otherwise                   : "the response has any other shape"
  }
  rule correctness "Correctness" {
    +2    when roles == solution    : "every identity is stated correctly"
    -1.5  when covers(roles, names) : "every identity is stated, but one is wrong"
    -2    otherwise                 : "an identity is missing"
  }
  rule brief "簡潔さ" weight 0.5 {
    +0.5  when tokens <= 256 : "at most 256 tokens"
    0     otherwise          : "longer"
  }
}
motivation full {
  """
  ${full.replaceAll('\n', '\n  ')}
  """
}
arm rlvr { motivation none }
arm merf { motivation full }
${others}
train { max_response 400 }
example "solved" {
  row { names: ["Zoey", "Oliver"], solution: { Zoey: "knave", Oliver: "knight" }, solution_text: "Zoey is a knave, and Oliver is a knight." }
  response "<think>…</think><answer>Zoey is a knave, Oliver is a knight.${answer}</answer>"
  expect format +1
}
`;
}

/** `MERF411 +3`: the code and what is marked. */
async function said(texts: Texts): Promise<string[]> {
  const text = file(texts);
  const { diagnostics } = await checkText(text);
  const lines = text.split('\n');
  return diagnostics.map(({ code, range: { start, end }, message }) => {
    assert.equal(start.line, end.line, message);
    return `${code} ${lines[start.line]?.slice(start.character, end.character)}`;
  });
}

const WRONG: [texts: Texts, expected: string[]][] = [
  [{ full: 'You get +4 for a solved puzzle.\n{rules}' }, ['MERF411 +4']],
  [{ full: 'A solved puzzle is worth 5 points.\n{rules}' }, ['MERF411 5']],
  [{ full: 'Format: +2 for both parts.\n{rules}' }, ['MERF411 +2']],
  [{ full: '1. Format (+1 or -2)\n{rules}' }, ['MERF411 -2']],
  [{ full: 'Format:\n+1 for both parts\n-2 for anything else\n\n{rules}' }, ['MERF411 -2']],
  [{ full: '+1: every identity is stated correctly\n{rules}' }, ['MERF411 +1']],
  [{ full: '{rules}\nYour total is from -3 to 3.' }, ['MERF411 -3 to 3']],
  [{ full: '{rules}\nThe total lies between -2 and 3.25.' }, ['MERF411 -2 and 3.25']],
  [{ full: '{rules}\n合計は −３ から ３ です。' }, ['MERF411 −３ から ３']],
  [{ full: '正しく答えると４点です。\n{rules}' }, ['MERF411 ４']],
  [{ full: 'You get -2 when every identity is correct.\n{rules}' }, ['MERF412 -2']],
  [{ full: 'You get +2 when an identity is wrong.\n{rules}' }, ['MERF412 +2']],
  [{ full: '＋２: 間違いがある\n{rules}' }, ['MERF412 ＋２']],
  [{ system: 'A solved puzzle scores +4. {motivation}' }, ['MERF411 +4']],
  [{ system: 'Your score is between -5 and 5. {motivation}' }, ['MERF411 -5 and 5']],
  [{ system: 'Reason inside <think> </think>, then <anser> </answer>. {motivation}' }, ['MERF413 <anser>']],
  [
    { system: 'Reason inside <think> </think>, then <verdict> </verdict>. {motivation}' },
    ['MERF413 <verdict>', 'MERF413 </verdict>'],
  ],
  [{ full: 'Write <reasoning>...</reasoning>.\n{rules}' }, ['MERF413 <reasoning>', 'MERF413 </reasoning>']],
  [{ full: 'Use at most 500 tokens.\n{rules}' }, ['MERF413 500 tokens']],
  [{ full: 'Write 3 sentences.\n{rules}' }, ['MERF413 3 sentences']],
  [{ full: '３００文字以内で書くこと。\n{rules}' }, ['MERF413 ３００文字']],
  [{ full: 'Name at least 3 items.\n{rules}' }, ['MERF413 3 items']],
  [{ system: 'Use no more than 500 tokens. {motivation}' }, ['MERF413 500 tokens']],
  [{ system: 'For example: Zoey is a knave, and Oliver is a knight. {motivation}' }, ['MERF409 Zoey is a knave']],
  [{ full: 'Zoey: knave; Oliver: knight\n{rules}' }, ['MERF409 Zoey: knave']],
  // A motivation that shows other rules has another total.
  [
    {
      full: '{rules}\nYour total is from -3 to 3.25.',
      others: 'motivation part = full only correctness\narm part { motivation part }',
    },
    ['MERF411 -3 to 3.25'],
  ],
  [{ others: 'motivation own = full text "You get +4."\narm own { motivation own }' }, ['MERF411 +4']],
];

const RIGHT: Texts[] = [
  { full: 'You get +3 for a solved puzzle in good form.\n{rules}' },
  { full: 'You get +2 for a solved puzzle and -1 for a bad form.\n{rules}' },
  { full: 'A solved puzzle in good form is worth 3 points.\n{rules}' },
  { full: 'Format: +1 for both parts, else -1.\n{rules}' },
  { full: '簡潔さ: +0.25 or 0\n{rules}' },
  { full: '+2: every identity is stated correctly\n-2: an identity is missing\n{rules}' },
  { full: '{rules}\nYour total is from -3 to 3.25.' },
  { full: '{rules}\nYour total is from {reward.min} to {reward.max}.' },
  { full: '{rules}\nCorrectness gives -2 to 2.' },
  { full: '正しく答えると２点です。\n{rules}' },
  { full: '５点の理由を挙げてはいけません。\n{rules}' },
  { full: 'You get -1 when the shape is wrong.\n{rules}' },
  { full: 'You get -1.5 when the names are right, but an identity is not.\n{rules}' },
  { full: 'See the table 3-7 and item (-1).\n{rules}' },
  { full: 'Puzzles have from 3 to 7 people.\n{rules}' },
  { full: 'Use at most 256 tokens; after 400 tokens you are cut.\n{rules}' },
  { full: 'There are 3 items in every puzzle.\n{rules}' },
  { system: 'In 1996 it was -40 degrees, from -50 to -30. {motivation}' },
  { system: 'A puzzle has 3 to 7 people and -1 wolves. {motivation}' },
  { system: 'Answer in at most 3 sentences. {motivation}' },
  { system: 'The puzzle is inside <puzzle>{quiz}</puzzle>. {motivation}' },
  { system: 'Reason inside <think> </think>, then answer: <name> is a <role>. {motivation}' },
  { system: 'Each is a knight or a knave; Zoey and Oliver are names. {motivation}' },
  {
    others:
      'motivation adverse = full inverted text "You get -2 when every identity is correct. {rules}"\narm adverse { motivation adverse }',
  },
  { answer: ' Zoey is a knave, and Oliver is a knight.' },
];

describe('texts that a person wrote around the rules', () => {
  for (const [texts, expected] of WRONG) {
    it(`is told: ${JSON.stringify(texts)}`, async () => assert.deepEqual(await said(texts), expected));
  }
  for (const texts of RIGHT) {
    it(`is left alone: ${JSON.stringify(texts)}`, async () => assert.deepEqual(await said(texts), []));
  }
});

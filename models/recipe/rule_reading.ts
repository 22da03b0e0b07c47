// Does the bundled model read its prompt's scoring rules? One rule is shown with + and then with -; everything else
// is equal, the random streams too. What it rewards must happen more often with + than with -. Then the starting
// point of the demonstration: held-out puzzles without rules, with its rules, and with their signs turned.
//
//   npm run rule-reading -- [--model models/tiny] [--puzzles 64] [--test 200] [--seed 1]

import { parseArgs } from 'node:util';
import { openModel } from '../../src/model/folder.ts';
import { createGenerator } from '../../src/model/generate.ts';
import { type KnightsAndKnavesRow, rowsOf } from '../../src/task/knights_and_knaves.ts';
import { promptText } from './batches.ts';
import { demonstrationRules, demonstrationRulesInverted, demonstrationSystem } from './demonstration.ts';
import { constantGuess, judge } from './judge.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'models/tiny' },
    puzzles: { type: 'string', default: '64' },
    test: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});
const maxNewTokens = 320;

interface Rates {
  askedShape: number;
  steps: number;
  careful: number;
  length: number;
  correct: number;
  truncated: number;
}

interface Probe {
  title: string;
  text: string;
  /** What must grow when the sign turns from - to +; a length is compared in tokens. */
  measure: keyof Rates;
  direction: 1 | -1;
}

const probes: readonly Probe[] = [
  { title: 'Format:', text: 'the response is <think>…</think><answer>…</answer>', measure: 'askedShape', direction: 1 },
  { title: 'Format:', text: 'the response has any other shape', measure: 'askedShape', direction: -1 },
  { title: 'Reasoning:', text: 'the reasoning is shown step by step', measure: 'steps', direction: 1 },
  { title: 'Reasoning:', text: 'there is no reasoning', measure: 'steps', direction: -1 },
  { title: 'Length:', text: 'the response is long', measure: 'length', direction: 1 },
  { title: 'Length:', text: 'the response is short', measure: 'length', direction: -1 },
  { title: 'Correctness:', text: 'every identity is stated correctly', measure: 'careful', direction: 1 },
];

const model = await openModel(values.model);
const generator = await createGenerator(model);
const test = [...rowsOf('test', { people: { from: 3, to: 3 }, train: 0, test: Number(values.test), seed: 1 })];

async function measure(rows: readonly KnightsAndKnavesRow[], rules: string): Promise<Rates> {
  const system = rules === '' ? demonstrationSystem : `${demonstrationSystem}\n${rules}`;
  const prompts = rows.map(({ quiz }) => model.tokenizer.encode(promptText({ system, user: quiz })));
  const responses = await generator.generate({ prompts, maxNewTokens, seed: Number(values.seed) });
  const judged = responses.map(({ prompt, tokens, finishReason }) => {
    const row = rows[prompt];
    if (row === undefined) throw new RangeError(`no row ${prompt}`);
    return {
      ...judge(row, model.tokenizer.decode(tokens)),
      length: tokens.length,
      truncated: finishReason === 'length',
    };
  });
  const mean = (value: (one: (typeof judged)[number]) => number | boolean) =>
    judged.reduce((sum, one) => sum + Number(value(one)), 0) / judged.length;
  return {
    askedShape: mean((one) => one.askedShape),
    steps: mean((one) => one.steps),
    careful: mean((one) => one.careful),
    length: mean((one) => one.length),
    correct: mean((one) => one.correct),
    truncated: mean((one) => one.truncated),
  };
}

const show = (value: number) => (value > 1 ? value.toFixed(0) : value.toFixed(2));
const columns = ['askedShape', 'steps', 'careful', 'length', 'correct'] as const;

const some = test.slice(0, Number(values.puzzles));
console.log(`${some.length} held-out puzzles, one response each at temperature 1; one rule in the prompt\n`);
console.log(`| rule | sign | ${columns.join(' | ')} | read |\n|---|---|${columns.map(() => '---|').join('')}---|`);
let read = 0;
for (const { title, text, measure: what, direction } of probes) {
  const [plus, minus] = [
    await measure(some, `Scoring Rules:\n${title}\n+2: ${text}`),
    await measure(some, `Scoring Rules:\n${title}\n-2: ${text}`),
  ];
  const margin = what === 'length' ? 10 : 0.1;
  const passed = direction * (plus[what] - minus[what]) > margin;
  read += Number(passed);
  for (const [sign, rates] of [
    ['+2', plus],
    ['-2', minus],
  ] as const) {
    const cells = columns.map((column) => (column === what ? `**${show(rates[column])}**` : show(rates[column])));
    console.log(`| ${text} | ${sign} | ${cells.join(' | ')} | ${passed ? 'yes' : 'no'} |`);
  }
}
console.log(`\n${read} of ${probes.length} rules read with their sign\n`);

console.log(`${test.length} held-out puzzles of three people, all of different structure\n`);
console.log(`| prompt | ${columns.join(' | ')} | truncated |\n|---|${columns.map(() => '---|').join('')}---|`);
for (const [name, rules] of [
  ['without rules', ''],
  ["the demonstration's rules", demonstrationRules],
  ['the same, signs turned', demonstrationRulesInverted],
] as const) {
  const rates = await measure(test, rules);
  console.log(`| ${name} | ${columns.map((column) => show(rates[column])).join(' | ')} | ${show(rates.truncated)} |`);
}
console.log(`\nbest constant guess: ${constantGuess(test).toFixed(3)}; chance: 0.125`);
await generator.dispose();

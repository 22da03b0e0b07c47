// The probe: attacks a reward before a model does. It builds a right answer from the secret columns and asks four
// questions. What does a response earn that knows nothing? Which odd forms earn what a clean right answer earns? Which
// right answers lose points for how they are written? Which cases does nothing reach?
// Everything follows from the specification, the rows, the seed and the budget; nothing is asked of a model, a verifier
// or a judge. What it does not find may still be there.

import { fullMarks } from '../reward/accuracy.ts';
import type { Row } from '../reward/row.ts';
import { MerfError } from '../spec/error.ts';
import { signed } from '../spec/number_text.ts';
import { rewardReads } from '../spec/reward_columns.ts';
import type { Specification } from '../spec/specification.ts';
import { longText, SHORT_REASONING } from './answers.ts';
import { attackFindings, attacks, rounded } from './attack.ts';
import { Bench, type ProbeOptions } from './bench.ts';
import { cutOff } from './cut_off.ts';
import { attackFinding, ruleFinding } from './findings.ts';
import { harmlessDifferences } from './harmless.ts';
import { looseForms } from './loose_forms.ts';
import type { Finding, Measure, ProbeReport } from './report.ts';

export type { ProbeOptions } from './bench.ts';

/** Part of what is left of the budget for each of the two searches. */
const SEARCHES = 0.4;
/** Part of the way from wrong to right that is no difference. */
const TOLERANCE = 0.05;
/** A guess that is right this often is told of. */
const GUESSED = 0.4;

/** @throws MerfError when there is no row. */
export async function probe(spec: Specification, rows: readonly Row[], options: ProbeOptions): Promise<ProbeReport> {
  if (rows.length === 0) throw new MerfError('The task has no rows.', 'A probe needs at least one.');
  const bench = new Bench(spec, rows, options);
  const clean = (title: string, who: 'right' | 'wrong' | 'guess'): Measure | null =>
    bench.measureTemplate(title, who, bench.answers.template);
  const made = clean('a right answer', 'right');
  const wrong = clean('a wrong answer in the clean form', 'wrong');
  const guess = clean('the commonest answer in the clean form', 'guess');
  const right = made && wrong && isNone(spec, made, wrong) ? null : made;
  const tolerance = right && wrong ? Math.max(1e-9, TOLERANCE * Math.abs(right.reward - wrong.reward)) : 1e-9;

  const findings: Finding[] = [];
  const found = await attacks(bench, SEARCHES);
  if (right === null) findings.push(...noRightAnswer(spec));
  else {
    if (guess !== null) findings.push(...attackFindings(bench, found, right, guess, tolerance), ...guessed(bench));
    if (wrong !== null) findings.push(...asGood(bench, right, wrong, tolerance));
    findings.push(
      ...lengthPays(bench, tolerance),
      ...cutOff(bench, tolerance),
      ...(await harmlessDifferences(bench, tolerance)),
    );
    findings.push(...(await looseForms(bench, SEARCHES, tolerance)));
  }
  const isPartial = !bench.goesOn();
  if (!isPartial) findings.push(...unreached(bench));
  return {
    seed: options.seed,
    budget: options.budget,
    responses: bench.scorer.responses,
    rows: bench.sample.length,
    isPartial,
    summary: {
      right,
      wrong,
      best: bare(found[0] ?? { title: 'nothing', reward: 0, fullMarks: 0, response: '', row: 0 }),
      constant: guess && { ...guess, answer: answerOf(bench), share: bench.answers.guessed },
      attacks: found.map(bare),
      rules: spec.rules.map(({ name }, i) => {
        const range = bench.scorer.ranges[i];
        return { rule: name, fired: bench.scorer.fired[i] ?? [], min: range?.min ?? 0, max: range?.max ?? 0 };
      }),
    },
    findings: [...findings.filter(isWarning), ...findings.filter((finding) => !isWarning(finding))],
    notes: notes(bench, right),
  };
}

/** Whether what was made for a right answer is none: it earns no more than a wrong one, and an example shows that one can. */
function isNone({ examples }: Specification, made: Measure, wrong: Measure): boolean {
  const most = Math.max(...examples.map(({ reward }) => reward ?? Number.NEGATIVE_INFINITY));
  return made.reward <= wrong.reward + 1e-9 && most > made.reward + 1e-9;
}

function isWarning({ severity }: Finding): boolean {
  return severity === 'warning';
}

function bare({ title, reward, fullMarks: full, response, row }: Measure): Measure {
  return { title, reward, fullMarks: full, response, row };
}

/** What the commonest answer says on the shown row. */
function answerOf(bench: Bench): string {
  return [...(bench.answers.guess(bench.shown)?.values() ?? [])].map(({ given }) => given).join(' ');
}

function noRightAnswer({ rules }: Specification): Finding[] {
  const [rule] = rules;
  const message =
    'No right answer could be made from the secret columns, so only responses without knowledge were tried.';
  const remedy = 'Mark the column that holds the answer as `secret`, or write a right answer as an example.';
  return rule === undefined ? [] : [ruleFinding(rule, rule.place, 'no_right_answer', message, remedy)];
}

function guessed(bench: Bench): Finding[] {
  const shown = bench.showClean('guess');
  const than = bench.showClean('right');
  if (bench.answers.guessed < GUESSED || shown === null || than === null) return [];
  return [
    attackFinding(bench.spec, {
      kind: 'constant_guess',
      severity: 'information',
      message: `The same answer every time gets full marks on ${Math.round(100 * bench.answers.guessed)} % of the rows.`,
      remedy: 'Balance the rows, so that no answer is right often; read accuracies against this number.',
      shown,
      than,
      title: 'a right answer',
    }),
  ];
}

function asGood(bench: Bench, right: Measure, wrong: Measure, tolerance: number): Finding[] {
  const shown = bench.showClean('wrong');
  const than = bench.showClean('right');
  if (wrong.reward < right.reward - tolerance || shown === null || than === null) return [];
  return [
    attackFinding(bench.spec, {
      kind: 'wrong_as_good_as_right',
      severity: 'warning',
      message: `A wrong answer earns ${signed(rounded(wrong.reward))}, a right one ${signed(rounded(right.reward))}.`,
      remedy: 'Give a right answer more than a wrong one.',
      shown,
      than,
      title: 'a right answer',
    }),
  ];
}

const LONGER = [60, 200, 800];

/** Whether the same wrong answer earns more with more words before it. */
function lengthPays(bench: Bench, tolerance: number): Finding[] {
  const { answers, sample } = bench;
  if (!answers.template.some(({ kind }) => kind === 'reasoning')) return [];
  const measured = (words: number): Measure | null => {
    const reasoning = (): string => (words === 0 ? SHORT_REASONING : longText(words));
    return bench.measure('', 'wrong', (situation) => bench.respond(answers.template, situation, 'wrong', reasoning), {
      on: sample,
    });
  };
  const short = measured(0);
  const [long] = LONGER.flatMap((words) => measured(words) ?? []).sort((a, b) => b.reward - a.reward);
  if (short === null || long === undefined || long.reward <= short.reward + tolerance) return [];
  const on = ({ row }: Measure) => bench.sample.find(({ index }) => index === row) ?? bench.shown;
  return [
    attackFinding(bench.spec, {
      kind: 'length_pays',
      severity: 'warning',
      message: `The same wrong answer earns ${signed(rounded(long.reward))} after many words and ${signed(rounded(short.reward))} after few.`,
      remedy: 'Let length count only where the answer is right, or bound what it can add.',
      shown: bench.show(on(long), long.response, 'wrong'),
      than: bench.show(on(short), short.response, 'wrong'),
      title: 'the same answer after few words',
    }),
  ];
}

/** Cases that nothing reached, and rules that gave the same to everything. */
function unreached({ spec, scorer }: Bench): Finding[] {
  return spec.rules.flatMap((rule, i) => {
    const fired = scorer.fired[i] ?? [];
    const range = scorer.ranges[i];
    const cases = rule.cases.flatMap((one, at) => {
      const name =
        one.text === null ? `Case ${at + 1} of ${rule.name}` : `Case ${at + 1} of ${rule.name} (${one.text})`;
      const remedy = 'See whether it can hold at all; an example that reaches it would show it.';
      return fired[at] === 0
        ? [ruleFinding(rule, one.place, 'case_never_reached', `${name} was reached by no response.`, remedy)]
        : [];
    });
    const isConstant = range !== undefined && range.min === range.max && rule.cases.length > 1;
    const words = `${rule.name} gave ${signed(range?.min ?? 0)} to every response, right or wrong.`;
    const remedy = 'A rule that is always the same teaches nothing; see what its conditions ask for.';
    return isConstant ? [ruleFinding(rule, rule.place, 'constant_rule', words, remedy)] : cases;
  });
}

function notes({ spec, answers, shown }: Bench, right: Measure | null): string[] {
  const externals = [...spec.verifiers, ...spec.judges].map(({ name }) => `\`${name}\``).join(', ');
  const most = fullMarks(spec);
  return [
    ...(right !== null && Number.isFinite(most) && right.reward < most - 1e-9
      ? [
          `The best right answer that could be made earns ${signed(rounded(right.reward))}; the rules allow ${signed(most)}.`,
        ]
      : []),
    ...(externals === ''
      ? []
      : [`${externals} was not asked: right answers got the most it can answer, all others the least.`]),
    ...(rewardReads(spec, 'tokens') ? ['Tokens were counted as a quarter of the characters.'] : []),
    ...(answers.reasoning(shown) !== SHORT_REASONING && right !== null
      ? ['Right answers were given the reasoning that earns most.']
      : []),
  ];
}

// What hover says of a rule or a case in the latest run: a table of its cases and three responses. A response is a
// model's text, and so anybody's: it stands in a code block that it cannot leave.

import { signed } from '../../spec/number_text.ts';
import type { Rule, Specification } from '../../spec/specification.ts';
import type { Language } from './client.ts';
import { type NumbersSource, numbersOfRule, type RunNumbers, sparkline } from './numbers.ts';

const SAMPLES = 3;
const LONGEST = 240;

const WORDS = {
  en: {
    run: (arm: string, seed: number, step: number) => `The latest run: \`${arm}\`, seed ${seed}, step ${step}.`,
    heads: ['case', 'share', 'over the steps'],
    mean: 'Mean',
    reward: 'reward',
    invalid: 'not scored',
  },
  ja: {
    run: (arm: string, seed: number, step: number) => `最新の実行: \`${arm}\`、シード ${seed}、ステップ ${step}。`,
    heads: ['ケース', '割合', '推移'],
    mean: '平均',
    reward: '報酬',
    invalid: '採点なし',
  },
} as const satisfies Record<Language, object>;

/** The latest run and what can be asked of it. */
export interface AskedRun {
  run: RunNumbers;
  samples: NumbersSource['samples'];
  language: Language;
}

/** Of a rule, or of one of its cases; '' where the run knows no such rule. */
export function runHover(
  spec: Specification,
  rule: Rule,
  only: number | null,
  { run, samples, language }: AskedRun,
): string {
  const numbers = numbersOfRule(spec, rule, run);
  if (!numbers) return '';
  const words = WORDS[language];
  const rows = numbers.cases.flatMap(({ score, share, shares }, i) => {
    const marked = i === only || only === null ? `**${score}**` : score;
    return `| ${marked} ${wording(rule, i)} | ${share} | ${sparkline(shares, [0, 1])} |`;
  });
  const table = [`| ${words.heads.join(' | ')} |`, '|---|--:|---|', ...rows].join('\n');
  const mean = `${words.mean} **${numbers.mean}** ${numbers.trend} ${sparkline(numbers.means)}`.trim();
  const shown = spreadOut(samples(run, rule.name, only, SAMPLES)).slice(0, SAMPLES);
  const responses = shown.map(({ case: fired, reward, response }) => {
    const score = numbers.cases[fired]?.score ?? '–';
    const earned = reward === null ? words.invalid : `${words.reward} ${signed(Number(reward.toFixed(2)))}`;
    return `**${score}** · ${earned}\n\n${fenced(shortened(response))}`;
  });
  return [words.run(run.arm, run.seed, run.step), table, mean, ...responses].join('\n\n');
}

/** One of each case first, then the second of each. */
function spreadOut<T extends { case: number }>(responses: readonly T[]): T[] {
  const seen = new Map<number, number>();
  const ranked = responses.map((response) => {
    const rank = seen.get(response.case) ?? 0;
    seen.set(response.case, rank + 1);
    return { rank, response };
  });
  return ranked.sort((a, b) => a.rank - b.rank || a.response.case - b.response.case).map(({ response }) => response);
}

/** What the model reads of a case, as far as a table has room; Markdown's signs mean nothing in it. */
function wording(rule: Rule, index: number): string {
  const text = (rule.cases[index]?.text ?? '').replace(/\s+/g, ' ');
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return short.replace(/[\\`*_{}[\]()<>#+\-.!|~&$]/g, '\\$&');
}

/** The beginning and the end: what a response concludes stands at its end. */
function shortened(response: string): string {
  const letters = [...response.trim()];
  if (letters.length <= LONGEST) return letters.join('');
  const half = LONGEST / 2;
  return `${letters.slice(0, half).join('')} … ${letters.slice(-half).join('')}`;
}

/** A fence longer than any run of backticks inside. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

// A probe's report for a person: what is earned on average, then the findings, each with its place, its response and
// what to do. Characters that a terminal does not show are written as \u{…}.

import type { Measure } from '../../probe/report.ts';
import { plain, signed } from '../../spec/number_text.ts';
import type { LocatedFinding, LocatedReport } from './located.ts';

export function probeText(report: LocatedReport): string {
  const { file, responses, rows, seed, isPartial, summary, findings, notes } = report;
  const partial = isPartial ? '; not everything was looked at' : '';
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  const share = summary.constant?.share ?? 0;
  return [
    `${file}: ${plain(responses)} responses on ${plain(rows)} ${rows === 1 ? 'row' : 'rows'}, seed ${seed}${partial}`,
    '',
    'Mean reward, and on how many rows it earns what a right answer does',
    ...[summary.right, summary.wrong].flatMap((measure) => (measure === null ? [] : line(measure))),
    ...grouped(summary.attacks),
    ...(share > 0 ? ['', `The commonest answer is right on ${percent(share)} of all rows.`] : []),
    ...(notes.length > 0 ? ['', ...notes] : []),
    '',
    findings.length === 0
      ? 'Nothing was found.'
      : `${count(warnings, 'warning')}, ${count(findings.length - warnings, 'remark')}`,
    ...findings.flatMap((finding) => ['', ...findingText(finding)]),
    '',
  ].join('\n');
}

function line({ title, reward, fullMarks }: Pick<Measure, 'title' | 'reward' | 'fullMarks'>): string {
  return `  ${signed(Number(reward.toFixed(2))).padStart(7)}  ${percent(fullMarks).padStart(6)}  ${title}`;
}

const NAMED = 3;
const LINES = 8;

/** One line for all that earn the same: without knowledge, best first. */
function grouped(attacks: readonly Measure[]): string[] {
  const groups = new Map<string, Measure[]>();
  for (const attack of attacks) {
    const key = `${attack.reward.toFixed(2)} ${attack.fullMarks.toFixed(2)}`;
    groups.set(key, [...(groups.get(key) ?? []), attack]);
  }
  return [...groups.values()].slice(0, LINES).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const named = group.slice(0, NAMED).map(({ title }) => title);
    const more = group.length - named.length;
    return line({ ...first, title: `without knowledge: ${named.join('; ')}${more > 0 ? `; ${more} more` : ''}` });
  });
}

function findingText({
  file,
  range: { start },
  severity,
  kind,
  message,
  remedy,
  response,
  row,
}: LocatedFinding): string[] {
  const level = severity === 'warning' ? 'warning' : 'remark';
  return [
    `${file}:${start.line + 1}:${start.character + 1} ${level} ${kind}`,
    `  ${message}`,
    ...(response === '' && row < 0 ? [] : [`  > ${shortened(visible(response))}`]),
    `  ${remedy}`,
  ];
}

const SHOWN = 240;

function shortened(text: string): string {
  if (text.length <= SHOWN) return text;
  return `${text.slice(0, SHOWN / 2)} … ${text.slice(-SHOWN / 2)}`;
}

/** On one line, with nothing that cannot be seen. */
function visible(text: string): string {
  return text
    .replaceAll('\n', '\\n')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

// What may be typed next in a filter: names and words that begin as the word at the cursor does, by where it stands:
// after a value come signs, after a condition `and` and `or`, else names. Pure; the descriptions are the panel's.

import { FACTS, type FilterNames } from './expression.ts';
import { tokensOf } from './tokens.ts';

export interface FilterCompletion {
  /** What is put in the place of the characters from `from` to `to`. */
  insert: string;
  kind: 'rule' | 'capture' | 'fact' | 'metric' | 'word';
  from: number;
  to: number;
}

const AFTER_VALUE = ['<', '<=', '>', '>=', '==', '!=', 'contains ""', 'is none', 'is not none'];
const MOST = 40;

/** The best first. */
export function completeFilter(source: string, cursor: number, names: FilterNames): FilterCompletion[] {
  const before = tokensOf(source.slice(0, cursor));
  const last = before.at(-1);
  if (last?.kind === 'open' || (last?.kind === 'text' && last.to === cursor && cursor > 0)) {
    return last.kind === 'open' ? metricNames(before.slice(0, -1), last.text, last.from, cursor, names) : [];
  }
  const isTyping = last?.kind === 'name' && last.to === cursor;
  const [from, typed] = isTyping ? [last.from, last.text.toLowerCase()] : [cursor, ''];
  const past = isTyping ? before.slice(0, -1) : before;
  const inside = past.at(-1)?.text === '(' ? past.at(-2)?.text : undefined;
  const candidates: [string, FilterCompletion['kind']][] =
    inside === 'case'
      ? names.rules.map((name) => [name, 'rule'])
      : inside === 'metric'
        ? names.metrics.map((name) => [`"${name}"`, 'metric'])
        : expectsValue(past.map(({ text, kind }) => (kind === 'name' || kind === 'sign' ? text.toLowerCase() : '"')))
          ? [
              ...names.rules.map((name): [string, 'rule'] => [name, 'rule']),
              ...names.captures.map((name): [string, 'capture'] => [name, 'capture']),
              ...FACTS.map((name): [string, 'fact'] => [name, 'fact']),
              ['case(', 'word'],
              ['metric("', 'word'],
              ['not ', 'word'],
            ]
          : (isCondition(past.map(({ text }) => text)) ? ['and ', 'or '] : [...AFTER_VALUE, 'and ', 'or ']).map(
              (word) => [word, 'word'],
            );
  return candidates
    .map(([insert, kind]) => ({
      insert,
      kind,
      from,
      to: cursor,
      place: insert.toLowerCase().replace(/^"/, '').indexOf(typed),
    }))
    .filter(({ place, insert }) => place >= 0 && insert.trim().toLowerCase() !== typed)
    .sort((a, b) => Number(a.place > 0) - Number(b.place > 0))
    .slice(0, MOST)
    .map(({ insert, kind, from: start, to }) => ({ insert, kind, from: start, to }));
}

function metricNames(
  past: readonly { text: string }[],
  typed: string,
  from: number,
  to: number,
  names: FilterNames,
): FilterCompletion[] {
  if (past.at(-1)?.text !== '(' || past.at(-2)?.text !== 'metric') return [];
  return names.metrics
    .filter((name) => name.toLowerCase().includes(typed.toLowerCase()))
    .slice(0, MOST)
    .map((name) => ({ insert: `"${name}")`, kind: 'metric', from, to }));
}

const BEFORE_VALUE = ['and', 'or', 'not', '(', '<', '<=', '>', '>=', '==', '=', '!=', '&&', '||', '!', 'is'];

function expectsValue(past: readonly string[]): boolean {
  const last = past.at(-1);
  return last === undefined || BEFORE_VALUE.includes(last);
}

/** Whether what stands there is a whole condition: a value, a sign, a value. */
function isCondition(past: readonly string[]): boolean {
  const sign = past.at(-2);
  return sign !== undefined && ['<', '<=', '>', '>=', '==', '=', '!=', 'contains', 'is'].includes(sign);
}

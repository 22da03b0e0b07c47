// What a judge's words say: {"answer": …} where it kept to that, else the one number, or the yes or no, that it wrote.
// Where several could be meant ("7 of 10, or maybe 8") nothing is guessed.

import type { ExternalResult } from '../spec/specification.ts';

/** null: it cannot be read. A number may still be out of range. */
export function readJudgement(content: string, result: ExternalResult): boolean | number | string | null {
  // the reasoning of models that write it into their answer
  const text = content.replace(/^[\s\S]*<\/think(?:ing)?>/, '').trim();
  const stated = statedAnswer(text);
  if (stated !== undefined) return asResult(stated, result);
  if (result.kind === 'text') return text === '' ? null : text;
  return result.kind === 'bool' ? yesOrNo(text) : onlyNumber(text, result.max);
}

/** What `answer` is in the JSON object that the text is, or holds in a fence or after some words. */
function statedAnswer(text: string): unknown {
  const start = text.lastIndexOf('{');
  const end = text.lastIndexOf('}');
  for (const part of [text, start >= 0 && end > start ? text.slice(start, end + 1) : '']) {
    try {
      const json: unknown = JSON.parse(part);
      if (typeof json === 'object' && json !== null && 'answer' in json) return json.answer;
    } catch {
      // no JSON
    }
  }
  return undefined;
}

function asResult(value: unknown, result: ExternalResult): boolean | number | string | null {
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value !== 'string') return null;
  if (result.kind === 'text') return value;
  return result.kind === 'bool' ? yesOrNo(value) : onlyNumber(value, result.max);
}

function yesOrNo(text: string): boolean | null {
  const words = new Set(text.toLowerCase().match(/\b(?:yes|no|true|false)\b/g) ?? []);
  const yes = words.has('yes') || words.has('true');
  const no = words.has('no') || words.has('false');
  return yes === no ? null : yes;
}

const NUMBER = '[-+]?\\d+(?:\\.\\d+)?';

/** `7`, `Score: 7`, `7/10`, `7 out of 10`: the one number, apart from the highest mark that it is said to be of. */
function onlyNumber(text: string, max: number): number | null {
  if (text.length > 10_000) return null;
  const of = new RegExp(`(${NUMBER})\\s*(?:/|out of|of)\\s*(${NUMBER})`, 'gi');
  const plain = text.replace(of, (whole, mark: string, most: string) => (Number(most) === max ? mark : whole));
  const numbers = new Set((plain.match(new RegExp(`(?<![\\w.])${NUMBER}(?!\\w|\\.\\d)`, 'g')) ?? []).map(Number));
  const [only, another] = numbers;
  return only !== undefined && another === undefined ? only : null;
}

// A scored response as the text of an `example`, to be put beside the rules as a test. Only the columns that the rules
// read are in its row. The text checks, is laid out as the formatter would, and reads back as the very response; the
// one thing it cannot hold is half of a surrogate pair, which no file in UTF-8 can.

import { plain, signed } from '../spec/number_text.ts';
import { rewardColumns, rewardReads } from '../spec/reward_columns.ts';
import type { Example, Specification } from '../spec/specification.ts';
import { formatText } from './format.ts';
import { readTriple } from './literals.ts';
import { RESERVED_WORDS } from './tokens.ts';

/** What an example states; its row may have more columns than the rules read. */
export type ExampleSource = Omit<Example, 'place'>;

/** The section's text, ending with a line break. Its name is made another where the file has an example of it. */
export function writeExample(
  spec: Pick<Specification, 'task' | 'captures' | 'rules' | 'examples'>,
  source: ExampleSource,
): string {
  const name = unusedName(
    source.name,
    spec.examples.map((example) => example.name),
  );
  const columns = rewardColumns(spec).filter((column) => Object.hasOwn(source.row, column));
  const row = Object.fromEntries(columns.map((column) => [column, source.row[column]]));
  const rules = spec.rules.filter((rule) => Object.hasOwn(source.rules, rule.name));
  const expected = [
    ...(source.reward === null ? [] : [`reward ${plain(source.reward)}`]),
    ...rules.map((rule) => `${rule.name} ${signed(source.rules[rule.name] ?? 0)}`),
  ];
  const lines = [
    `row ${valueText(row) ?? '{}'}`,
    `response ${textLiteral(source.response)}`,
    ...(source.tokens !== null && rewardReads(spec, 'tokens') ? [`tokens ${plain(source.tokens)}`] : []),
    ...(!source.finished && rewardReads(spec, 'finished') ? ['finished false'] : []),
    ...Object.entries(source.given).map(([external, value]) => `given ${external} ${valueText(value)}`),
    ...(expected.length === 0 ? [] : [`expect ${expected.join(', ')}`]),
  ];
  const text = `example ${quoted(name)} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
  return formatText(text) ?? text;
}

/** The name, or with the first number that makes it new: `solved 2`. */
export function unusedName(wanted: string, taken: readonly string[]): string {
  const name = wellFormed(wanted);
  if (!taken.includes(name)) return name;
  for (let number = 2; ; number++) if (!taken.includes(`${name} ${number}`)) return `${name} ${number}`;
}

/** In triple quotes where several lines read back the same from there (and no line ends in blanks), else in quotes. */
export function textLiteral(value: string): string {
  const text = wellFormed(value);
  if (!text.includes('\n') || text.includes('"""') || /[ \t]$/m.test(text)) return quoted(text);
  const inside = `"""\n${text.replaceAll(/^(?=.)/gm, '    ')}\n  """`;
  return readTriple(inside, 0).value === text ? inside : quoted(text);
}

/** Without halves of surrogate pairs. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, '\ufffd');
}

function quoted(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return `"${escaped}"`;
}

/** A value of JSON as the language writes it; null: there is nothing that could be written (`null` is not there). */
function valueText(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
      return quoted(wellFormed(value));
    case 'number':
      return String(value);
    case 'boolean':
      return String(value);
  }
  if (Array.isArray(value)) {
    const items = value.map(valueText);
    return items.includes(null) ? null : `[${items.join(', ')}]`;
  }
  if (typeof value !== 'object' || value === null) return null;
  const fields = Object.entries(value).flatMap(([name, field]) => {
    const text = valueText(field);
    return text === null ? [] : [`${fieldName(name)}: ${text}`];
  });
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function fieldName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !RESERVED_WORDS.includes(name) ? name : quoted(wellFormed(name));
}

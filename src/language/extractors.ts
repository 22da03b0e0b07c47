// The kinds of captures in `response`: what each takes and finds, as hover, completion, signature help and
// docs/language.md show it and as the checker holds captures to it. How they find their part lives in reward/extract.

import type { ValueType } from '../spec/expression.ts';
import type { Extractor } from '../spec/specification.ts';

export interface ExtractorDeclaration {
  name: Extractor['kind'];
  /** Whether the capture in whose text it looks must be named; where it may be left out, that is the whole response. */
  from: 'optional' | 'required';
  /** What it takes beside that; null: nothing. */
  argument: ExtractorArgument | null;
  /** As it is written, what may be left out in brackets. */
  form: string;
  result: ValueType;
  /** What `as` may make of it. */
  as: 'anything' | 'scalar' | 'list' | 'record';
  doc: string;
  example: string;
}

export interface ExtractorArgument {
  kind: 'tag' | 'pattern' | 'marker' | 'language' | 'options' | 'assignment';
  optional?: true;
}

const TEXT = { kind: 'text' } as const;

export const EXTRACTORS: readonly ExtractorDeclaration[] = [
  {
    name: 'tag',
    from: 'optional',
    argument: { kind: 'tag' },
    form: 'tag([from], "name")',
    result: TEXT,
    as: 'anything',
    doc: 'The text inside the last `<name>…</name>`; `none` when there is none.',
    example: 'answer = tag("answer")',
  },
  {
    name: 'regex',
    from: 'optional',
    argument: { kind: 'pattern' },
    form: 'regex([from], "pattern")',
    result: TEXT,
    as: 'anything',
    doc: 'What the first group `(…)` of the pattern holds in its last match, or all of the match where the pattern has no group. Patterns are RE2, which takes linear time on any text: everything but look-around and back-references.',
    example: 'apples = regex(answer, "([0-9]+) apples") as number',
  },
  {
    name: 'after',
    from: 'optional',
    argument: { kind: 'marker' },
    form: 'after([from], "marker")',
    result: TEXT,
    as: 'anything',
    doc: 'The text after the last place where the marker stands, without white space at its ends.',
    example: 'result = after("####") as number',
  },
  {
    name: 'last_number',
    from: 'optional',
    argument: null,
    form: 'last_number([from])',
    result: { kind: 'number' },
    as: 'scalar',
    doc: 'The last number: with its sign, commas between thousands (`1,200`), decimals and exponent. Digits inside a name (`H2O`) do not count.',
    example: 'result = last_number(answer)',
  },
  {
    name: 'boxed',
    from: 'optional',
    argument: null,
    form: 'boxed([from])',
    result: TEXT,
    as: 'anything',
    doc: 'The text inside the last `\\boxed{…}`, with its braces balanced.',
    example: 'result = boxed()',
  },
  {
    name: 'json',
    from: 'optional',
    argument: null,
    form: 'json([from])',
    result: { kind: 'record', of: TEXT },
    as: 'anything',
    doc: 'A JSON value: the text itself, else a fenced block, else the last `{…}` or `[…]` that is JSON. Say with `as` what is in it; without, it is a record of the texts, numbers and bools as they are written. A field that is missing or of another type is `none`.',
    example: 'invoice = json(answer) as { vendor: text, total: number }',
  },
  {
    name: 'code_block',
    from: 'optional',
    argument: { kind: 'language', optional: true },
    form: 'code_block([from], ["language"])',
    result: TEXT,
    as: 'anything',
    doc: 'The text inside the last fenced block (between lines of three backticks) of that language, or of any.',
    example: 'code = code_block("python")',
  },
  {
    name: 'choice',
    from: 'optional',
    argument: { kind: 'options' },
    form: 'choice([from], "option", …)',
    result: TEXT,
    as: 'anything',
    doc: 'The one option that is named as a whole word, in any case; `none` when none or several are (of several, one in exactly its own spelling is meant). In place of the options a column that lists texts may be named.',
    example: 'verdict = choice(answer, "yes", "no")',
  },
  {
    name: 'lines',
    from: 'optional',
    argument: null,
    form: 'lines([from])',
    result: { kind: 'list', of: TEXT },
    as: 'list',
    doc: 'The lines that are not blank, without white space at their ends; `none` when there is none.',
    example: 'steps = lines(think)',
  },
  {
    name: 'assignments',
    from: 'required',
    argument: { kind: 'assignment' },
    form: 'assignments(from, "{name} is a {role}")',
    result: { kind: 'record', of: TEXT },
    as: 'record',
    doc: "Pairs found by a pattern with two holes in another capture: the first hole is the name, the second its value. A hole whose plural is a column of the task that lists texts (`{name}` and the column `names`) takes only that row's values; any other hole takes any word. `none` when the other capture is `none`.",
    example: 'roles = assignments(answer, "{name} is a {role}")',
  },
];

export function extractorDeclaration(name: string): ExtractorDeclaration | undefined {
  return EXTRACTORS.find((declaration) => declaration.name === name);
}

// How the parts of a file are written, and what people from other languages write instead: the second sentence of a
// syntax error. Keyed by the grammar's rules; the innermost rule that the parser was in decides.

import { FUNCTIONS } from '../spec/functions.ts';
import { editDistance, nearest } from '../spec/spelling.ts';
import { TASKS } from '../spec/tasks.ts';
import type { Token } from './balance.ts';
import { EXTRACTORS } from './extractors.ts';
import { JUDGE_SETTINGS } from './judge_settings.ts';
import { METRICS } from './metrics.ts';
import { SETTINGS } from './settings.ts';

/** How things are written, by the grammar's rule. */
export const FORMS: Readonly<Record<string, string>> = {
  File: 'A file is made of the sections experiment, task, prompt, response, reward, motivation, arm, train, watch and example.',
  Experiment: 'Write `experiment NAME`.',
  TaskSection: 'Write `task NAME(argument: value, …)`, for example `task knights_and_knaves(people: 3..7)`.',
  TaskArgument: 'An argument is written `people: 3..7` or `seed: 1`.',
  PromptSection: 'A prompt holds `system "…"` and `user "…"`, and ends with `}`.',
  Message: 'Write `system "…"` or `user "…"`.',
  ResponseSection: 'A capture is written `answer = tag("answer")`; the section ends with `}`.',
  CaptureDeclaration: 'A capture is written `answer = tag("answer")`.',
  RewardSection: 'A reward holds rules, `rule NAME "Title" { … }`, and ends with `}`.',
  RuleDeclaration:
    'A rule is written `rule NAME "Title" { … }` with a case on each line: `+1 when CONDITION : "text"`.',
  RuleCase: 'A case is written `+1 when CONDITION : "text"` or `-1 otherwise : "text"`, on a line of its own.',
  Score: 'A score is a number like `+1`, or an expression in parentheses.',
  MotivationSection:
    'Write `motivation NAME { "…" }` or `motivation NAME = OTHER only RULE`, with options like `share 50%`.',
  Derivation:
    'Write `= OTHER only RULE, RULE`, `= OTHER without RULE`, `= OTHER inverted`, `= OTHER share 50%`, `= OTHER decay at 20% steepness 125` or `= none`.',
  ArmSection: 'Write `arm NAME { motivation NAME }` or `arm NAME { motivation none }`.',
  ArmMotivation: 'Write `motivation NAME` or `motivation none`.',
  TrainSection:
    'A setting is its name and its value: `steps 60`, `seeds 1, 2`, `lora { rank 32 }`; the section ends with `}`.',
  Setting: 'A setting is its name and its value: `steps 60`, `seeds 1, 2`, `model "…"`, `lora { rank 32 }`.',
  CheckpointSetting: 'Write `checkpoint every 20 steps keep last 3, best accuracy, every 100 steps`.',
  KeptCheckpoints: 'Write `keep last 3`, `keep best accuracy`, `keep best reward` or `keep every 100 steps`.',
  EvaluateSetting: 'Write `evaluate every 20 steps with motivation and without`.',
  WatchSection: 'Write `alert when METRIC > 15% for 5 steps` or `stop when …`; the section ends with `}`.',
  WatchItem: 'Write `alert when METRIC > 15% for 5 steps` or `stop when share(RULE) > 70% after 50 steps`.',
  ExampleSection: 'Write `example "name" { row { … }  response "…"  expect reward 3 }`.',
  ExampleRow: 'Write `row { column: value, … }`.',
  ExampleTokens: 'Write `tokens 300`.',
  ExampleFinished: 'Write `finished false`.',
  ExampleGiven: 'Write `given run_tests 1`.',
  ExampleExpect: 'Write `expect reward 3, RULE +1`.',
  IfThenElse: 'Write `if CONDITION then VALUE else VALUE`.',
  Quantifier: 'Write `all(x in LIST: CONDITION)`, `any(…)` or `count(…)`.',
  Call: 'Write `name(argument, …)`.',
  Group: 'Close the parenthesis with `)`; arguments have commas between them.',
  RecordLiteral: 'A record is written `{ name: value, … }`.',
  ListLiteral: 'A list is written `[value, …]`.',
  Expression: 'An expression is needed here: a name, a value, a comparison.',
};

/** What other languages write, and what is meant. */
const FOREIGN: Readonly<Record<string, string>> = {
  '&&': 'Write `and`.',
  '&': 'Write `and`.',
  '||': 'Write `or`.',
  '|': 'Write `or`.',
  '!': 'Write `not`.',
  "'": 'Text stands between `"`.',
  '`': 'Text stands between `"`.',
  '#': 'A comment begins with `//`.',
  ';': 'Remove it, or write `,` between arguments.',
};

/** What to write instead of characters that mean nothing. */
export function remedyFor(characters: string): string {
  const known = FOREIGN[characters] ?? FOREIGN[characters.charAt(0)];
  if (known !== undefined) return known;
  return /^\p{L}/u.test(characters)
    ? 'Names are the letters A to Z and a to z, digits and `_`; any other letters stand in quotes.'
    : 'Remove it, or put text in quotes.';
}

export interface Stumble {
  /** What the parser found; null: the end of the file. */
  image: string | null;
  /** The grammar's rules it was in, the outermost first. */
  rules: readonly string[];
  /** The token before it, wherever it stands. */
  previous: Token | null;
  /** What stands before it on its line. */
  before: string;
  /** All tokens of its line. */
  line: readonly Token[];
  /** Words that the text has more than once: they are hardly misspelt. */
  repeated: ReadonlySet<string>;
}

const SECTIONS =
  'experiment import task prompt response verifier judge reward motivation arm train stage watch example'.split(' ');
/** Words that the grammar asks for, and that no name should look like. */
const WORDS = [
  ...SECTIONS,
  ...'system user rule weight metric when otherwise total product only without inverted scores_only criteria_only'.split(
    ' ',
  ),
  ...'share graded decay steepness update evaluate every steps with alert stop pass after expect given tokens'.split(
    ' ',
  ),
  ...'finished none then else secret list record timeout memory from over'.split(' '),
];
const TYPES = ['text', 'number', 'bool'];
/** Names that the language brings along, and that may look like its words: `prompts`, `test`. */
const KNOWN_NAMES = new Set(
  [
    ...SETTINGS,
    ...JUDGE_SETTINGS,
    ...FUNCTIONS,
    ...EXTRACTORS,
    ...METRICS,
    ...TASKS.flatMap((task) => [task, ...task.arguments, ...task.columns]),
    { name: 'test' },
  ].map(({ name }) => name),
);
const COMPARISONS = ['<', '<=', '>', '>=', '==', '!='];

/** A mistake that the line itself shows, where the parser only sees its consequence; and what to do. */
export function mistakeOn({ line, repeated }: Stumble): [found: string, form: string] | null {
  const twice = ({ image }: Token): [string, string] => [`\`${image}\` stands here twice.`, 'Remove one of them.'];
  for (const [i, token] of line.entries()) {
    const next = line[i + 1];
    if (next?.image === token.image && !/^[()[\]{}]$/.test(token.image)) return twice(token);
    if (!/^[A-Za-z_]\w*$/.test(token.image)) continue;
    const isKnown = WORDS.includes(token.image) || KNOWN_NAMES.has(token.image) || repeated.has(token.image);
    const meant = isKnown || token.image.length < 4 ? null : nearest(token.image, isType(line[i - 1]) ? TYPES : WORDS);
    if (meant === null || editDistance(token.image, meant) > 1) continue;
    return [`\`${token.image}\` cannot stand here.`, `Did you mean \`${meant}\`?`];
  }
  return null;
}

/** What stands before a type. */
function isType(before: Token | undefined): boolean {
  return before !== undefined && ['as', ':', 'of'].includes(before.image);
}

/** How the place where the parser stumbled is written. */
export function formFor({ image, rules, line, before, previous }: Stumble): string {
  const innermost = rules.at(-1) ?? 'File';
  const words = line.map((token) => token.image);
  const has = (...some: string[]): boolean => some.some((word) => words.includes(word));
  const section = innermost === 'File' && image !== null ? nearest(image, SECTIONS) : null;
  if (section !== null && section !== image) return `Did you mean \`${section}\`?`;
  const isInRule = rules.includes('RuleDeclaration') && has('when');
  const score = rules.includes('RuleCase') ? scoreForm(image ?? '', rules, before) : null;
  if (score !== null) return score;
  const isCase = rules.includes('RuleDeclaration') && (image === 'when' || image === 'otherwise');
  if (isCase) return (previous && /^[+-]$/.test(previous.image) ? FORMS.Score : FORMS.RuleCase) ?? '';
  if (isInRule && image === '=') return 'Write `==` to compare.';
  const isInside = rules.some((rule) => ['Quantifier', 'Group', 'Call'].includes(rule));
  if (isInRule && isInside && (image === ':' || has('all', 'any', 'count'))) return FORMS.Quantifier ?? '';
  if (isInRule && image !== null && COMPARISONS.includes(image)) {
    return 'Join two comparisons with `and`: `1 < x and x < 5`.';
  }
  if (/^(?:Train|Setting|Stage)/.test(innermost) && has('evaluate', 'every', 'with', 'without'))
    return FORMS.EvaluateSetting ?? '';
  if (/^(?:Train|Setting|Stage)/.test(innermost) && has('checkpoint', 'keep')) return FORMS.CheckpointSetting ?? '';
  if (isInRule && previous && NEEDS_VALUE.includes(previous.image)) return FORMS.Expression ?? '';
  const ofLine = innermost === 'File' ? FORM_OF_WORD.get(words[0] ?? '') : undefined;
  if (ofLine !== undefined && words[0] !== image) return FORMS[ofLine] ?? '';
  for (const rule of [...rules].reverse()) {
    const form = FORMS[rule];
    if (form !== undefined) return form;
  }
  return FORMS.File ?? '';
}

/** What is meant where a case's score stands alone, is a calculation, or is a name; null: something else is wrong. */
function scoreForm(image: string, rules: readonly string[], line: string): string | null {
  const isAfterScore = rules[rules.length - 1] === 'RuleCase' && !/\b(when|otherwise)\b/.test(line);
  if (isAfterScore && (image === ':' || image === '}')) {
    return 'A score that every response gets is written with `otherwise`: `+clamp(tokens / 512, 0, 1) otherwise : "text"`.';
  }
  if (isAfterScore && ['+', '-', '*', '/'].includes(image)) {
    return 'A score that is a calculation stands in parentheses: `+(0.5 * tokens / 512) when CONDITION : "text"`.';
  }
  const name = /(?:^|[{}+\-\s])([A-Za-z_]\w*)\s*$/.exec(line)?.[1];
  if (rules.includes('Score') && rules[rules.length - 1] === 'Call' && name !== undefined && image !== '(') {
    return `A score that is a name stands in parentheses: \`+(${name}) otherwise : "text"\`.`;
  }
  return null;
}

/** After these a value must follow. */
const NEEDS_VALUE = ['==', '!=', '<', '<=', '>', '>=', 'and', 'or', 'not', 'in', '(', ','];

/** The form of a section that seemed to be over in the middle of its first line. */
const FORM_OF_WORD: ReadonlyMap<string, string> = new Map([
  ['experiment', 'Experiment'],
  ['task', 'TaskSection'],
  ['prompt', 'PromptSection'],
  ['response', 'ResponseSection'],
  ['reward', 'RewardSection'],
  ['motivation', 'MotivationSection'],
  ['arm', 'ArmSection'],
  ['train', 'TrainSection'],
  ['watch', 'WatchSection'],
  ['example', 'ExampleSection'],
]);

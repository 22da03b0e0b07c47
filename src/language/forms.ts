// How the parts of a file are written, and what people from other languages write instead: the second sentence of a
// syntax error. Keyed by the grammar's rules; the innermost rule that the parser was in decides.

import { nearest } from '../spec/spelling.ts';

/** How things are written, by the grammar's rule. */
const FORMS: Readonly<Record<string, string>> = {
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
  MotivationSection: 'Write `motivation NAME { "…" }` or `motivation NAME = OTHER only RULE`.',
  Derivation: 'Write `= OTHER only RULE, RULE`, `= OTHER without RULE`, `= OTHER inverted` or `= none`.',
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
  /** What stands before on the same line. */
  line: string;
}

const SECTIONS = 'experiment task prompt response reward motivation arm train watch example'.split(' ');
const COMPARISONS = ['<', '<=', '>', '>=', '==', '!='];

/** How the place where the parser stumbled is written. */
export function formFor({ image, rules, line }: Stumble): string {
  const innermost = rules[rules.length - 1] ?? 'File';
  const section = innermost === 'File' && image !== null ? nearest(image, SECTIONS) : null;
  if (section !== null && section !== image) return `Did you mean \`${section}\`?`;
  const isInRule = rules.includes('RuleDeclaration') && line.includes('when');
  if (isInRule && image === '=') return 'Write `==` to compare.';
  if (isInRule && image !== null && COMPARISONS.includes(image)) {
    return 'Join two comparisons with `and`: `1 < x and x < 5`.';
  }
  if (innermost.startsWith('Train') && /\bevaluate\b/.test(line)) return FORMS.EvaluateSetting ?? '';
  if (innermost.startsWith('Train') && /\bcheckpoint\b/.test(line)) return FORMS.CheckpointSetting ?? '';
  if (rules.includes('RuleCase')) {
    const form = scoreForm(image ?? '', rules, line);
    if (form !== null) return form;
  }
  for (let i = rules.length - 1; i >= 0; i--) {
    const form = FORMS[rules[i] ?? ''];
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

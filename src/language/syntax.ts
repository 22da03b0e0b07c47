// What the parser could not read, as findings that say how the place is written: the parser's own message is
// replaced by the form of the innermost thing it was reading. One finding per line, and at most ten.

import { AstUtils, type ParseResult } from 'langium';
import { type Finding, type Span, spanOf } from './analysis.ts';
import { DIAGNOSTICS } from './diagnostics.ts';
import type { File, TextLiteral } from './generated/ast.ts';
import { RESERVED_WORDS } from './tokens.ts';

/** How things are written, by the grammar's rule. */
const FORMS: Record<string, string> = {
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
  TrainSection: 'Write `train { steps 60  group 8  … }`.',
  Setting: 'A setting is its name and its value: `steps 60`, `seeds 1, 2`, `model "…"`, `lora { rank 32 }`.',
  EvaluateSetting: 'Write `evaluate every 20 steps with motivation and without`.',
  WatchSection: 'Write `alert when METRIC > 15% for 5 steps` or `stop when …`; the section ends with `}`.',
  WatchItem: 'Write `alert when METRIC > 15% for 5 steps` or `stop when share(RULE) > 70% after 50 steps`.',
  ExampleSection: 'Write `example "name" { row { … }  response "…"  expect reward 3 }`.',
  ExampleRow: 'Write `row { column: value, … }`.',
  ExampleExpect: 'Write `expect reward 3, RULE +1`.',
  IfThenElse: 'Write `if CONDITION then VALUE else VALUE`.',
  Quantifier: 'Write `all(x in LIST: CONDITION)`, `any(…)` or `count(…)`.',
  Call: 'Write `name(argument, …)`.',
  RecordLiteral: 'A record is written `{ name: value, … }`.',
  ListLiteral: 'A list is written `[value, …]`.',
  Expression: 'An expression is needed here: a name, a value, a comparison.',
};

const AT_MOST = 10;

export function syntaxFindings(result: ParseResult<File>, text: string): Finding[] {
  const findings: Finding[] = [];
  const report = (span: Span, found: string, form: string): void => {
    const { code, severity, message } = DIAGNOSTICS.syntax;
    findings.push({ code, severity, message: message(found, form), span });
  };
  const open = openTexts(result.value);
  for (const literal of open) {
    const isTriple = literal.image?.startsWith('"""');
    const { start } = spanOf(literal);
    const form = isTriple
      ? 'Add `"""` after its last line.'
      : 'Add `"` at its end; text over several lines is written between `"""`.';
    report({ start, end: start + (isTriple ? 3 : 1) }, 'The text is not closed.', form);
  }
  for (const error of result.lexerErrors) {
    const span = { start: error.offset, end: error.offset + Math.max(1, error.length) };
    report(span, `\`${text.slice(span.start, span.end)}\` means nothing here.`, 'Remove it, or put text in quotes.');
  }
  for (const { token, previousToken, context } of result.parserErrors.map(withPrevious)) {
    const isEnd = Number.isNaN(token.startOffset) || token.image === '';
    if (isEnd && open.length > 0) continue;
    const end = text.trimEnd().length;
    const span = isEnd
      ? { start: Math.max(0, end - 1), end }
      : { start: token.startOffset, end: token.startOffset + token.image.length };
    report(span, foundText(isEnd ? null : token.image, previousToken), formOf(context.ruleStack));
  }
  return firstOfEachLine(findings, text).slice(0, AT_MOST);
}

interface SyntaxProblem {
  token: { image: string; startOffset: number };
  previousToken: string | null;
  context: { ruleStack: string[] };
}

function withPrevious(error: ParseResult['parserErrors'][number]): SyntaxProblem {
  const { token, context } = error;
  const previous = 'previousToken' in error ? error.previousToken : null;
  const hasImage = typeof previous === 'object' && previous !== null && 'image' in previous;
  return { token, context, previousToken: hasImage && typeof previous.image === 'string' ? previous.image : null };
}

function foundText(image: string | null, previous: string | null): string {
  const after = previous ? ` after \`${firstLine(previous)}\`` : '';
  if (image === null) return `The file ends too early${after}: something is not finished, or a \`}\` is missing.`;
  if (RESERVED_WORDS.includes(image)) return `\`${image}\` is a word of the language and cannot stand here${after}.`;
  return `\`${firstLine(image)}\` cannot stand here${after}.`;
}

function firstLine(image: string): string {
  const [line = ''] = image.split('\n');
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}

/** The form of the innermost rule that has one. */
function formOf(ruleStack: readonly string[]): string {
  for (let i = ruleStack.length - 1; i >= 0; i--) {
    // Langium ends the names of its rules with a zero-width space.
    const form = FORMS[(ruleStack[i] ?? '').replace('\u200B', '')];
    if (form !== undefined) return form;
  }
  return FORMS.File ?? '';
}

function openTexts(file: File): TextLiteral[] {
  const literals: TextLiteral[] = [];
  for (const node of AstUtils.streamAst(file)) {
    if (isTextLiteral(node) && isOpen(node.image ?? '')) literals.push(node);
  }
  return literals;
}

function isTextLiteral(node: { $type: string }): node is TextLiteral {
  return node.$type === 'TextLiteral';
}

function isOpen(image: string): boolean {
  if (image.startsWith('"""')) return image.length < 6 || !image.endsWith('"""');
  return !/^"(\\.|[^"\\])*"$/.test(image);
}

function firstOfEachLine(findings: readonly Finding[], text: string): Finding[] {
  const lines = new Set<number>();
  return [...findings]
    .sort((a, b) => a.span.start - b.span.start)
    .filter(({ span }) => {
      const line = text.slice(0, span.start).split('\n').length;
      if (lines.has(line)) return false;
      lines.add(line);
      return true;
    });
}

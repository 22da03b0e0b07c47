// What a capture is told: `tag("answer")`, `regex(answer, "…")`, `choice(answer, options)`. First the capture in whose
// text it looks, where one is named, then what it looks for; held against the table in extractors.ts.

import type { Extractor } from '../../spec/specification.ts';
import { nearest } from '../../spec/spelling.ts';
import { type Analysis, spanOf } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type { ExtractorArgument, ExtractorDeclaration } from '../extractors.ts';
import type * as Ast from '../generated/ast.ts';
import { readText } from '../literals.ts';
import { lowerPattern } from '../patterns.ts';
import type { Scope } from '../scope.ts';
import { readHoles } from '../template.ts';
import { fits, showType } from '../types.ts';
import { nameSpan } from './prompt.ts';
import type { LoweredTask } from './task.ts';

/** Where a capture's names are looked up: captures above it, columns of the task. */
export interface Surroundings {
  scope: Scope;
  task: LoweredTask;
  analysis: Analysis;
}

/** The extractor; null where it is described wrongly, which is reported. */
export function lowerExtractor(
  declaration: ExtractorDeclaration,
  node: Ast.CaptureDeclaration,
  around: Surroundings,
): Extractor | null {
  const [first, ...others] = node.arguments;
  const source = namesSource(first, declaration, around) ? first : undefined;
  const given = source ? others : node.arguments;
  const { argument } = declaration;
  const most = argument === null ? 0 : argument.kind === 'options' ? Number.POSITIVE_INFINITY : 1;
  const least = argument === null || argument.optional ? 0 : 1;
  const lacksSource = declaration.from === 'required' && source === undefined && given.length <= least;
  if (given.length < least || given.length > most || lacksSource) {
    around.analysis.report(DIAGNOSTICS.argumentCount, spanOf(node), declaration.form, node.arguments.length);
    return null;
  }
  const from = source ? lowerSource(source, declaration, around) : null;
  const extractor = extractorOf(declaration, from ?? null, given, around);
  return from === undefined ? null : extractor;
}

/** Whether the first argument says where to look: a name, or of what has no name among its arguments, anything. */
function namesSource(
  node: Ast.Expression | undefined,
  { from, argument }: ExtractorDeclaration,
  { scope, task }: Surroundings,
): node is Ast.Expression {
  if (node?.$type !== 'Name') return node !== undefined && (from === 'required' || argument === null);
  const name = node.name ?? '';
  return argument?.kind !== 'options' || scope.has(name) !== undefined || !task.columns.has(name);
}

/** The capture in whose text it looks: a text, above this one; null: the whole response; undefined: reported. */
function lowerSource(
  node: Ast.Expression,
  declaration: ExtractorDeclaration,
  { scope, analysis }: Surroundings,
): string | null | undefined {
  const name = node.$type === 'Name' ? (node.name ?? '') : '';
  const capture = scope.has(name);
  const meaning = capture ?? (name === 'response' && declaration.from === 'optional' ? scope.find(name) : undefined);
  if (meaning) {
    analysis.use(spanOf(node), meaning.thing);
    meaning.onRead?.();
    if (fits(meaning.type, { kind: 'text' })) return capture ? name : null;
  }
  if (node.$type === 'Name' && !meaning) {
    const known = scope.ownNames().filter((one) => fits(scope.has(one)?.type ?? { kind: 'bool' }, { kind: 'text' }));
    analysis.report(DIAGNOSTICS.unknownName, spanOf(node), 'capture', name, nearest(name, known), known);
    return undefined;
  }
  const found = meaning ? ` \`${name}\` is a ${showType(meaning.type)}.` : '';
  const remedy = 'Name a capture above it, for example `answer = tag("answer")`.';
  const what = `\`${declaration.name}\` reads the text of another capture.${found}`;
  analysis.report(DIAGNOSTICS.captureArguments, spanOf(node), what, remedy);
  return undefined;
}

function extractorOf(
  { name, argument }: ExtractorDeclaration,
  from: string | null,
  given: readonly Ast.Expression[],
  around: Surroundings,
): Extractor | null {
  const [first] = given;
  const text = (): string | null => lowerText(first, argument, around);
  switch (name) {
    case 'tag': {
      const tag = text();
      return tag === null ? null : { kind: name, from, tag };
    }
    case 'regex': {
      const pattern = first?.$type === 'TextValue' ? lowerPattern(first, around.analysis) : text();
      return pattern === null ? null : { kind: name, from, pattern };
    }
    case 'after': {
      const marker = text();
      return marker === null ? null : { kind: name, from, marker };
    }
    case 'code_block': {
      const language = first ? text() : null;
      return first && language === null ? null : { kind: name, from, language };
    }
    case 'choice': {
      const options = lowerOptions(given, around);
      return options && { kind: name, from, options };
    }
    case 'assignments': {
      const pattern = lowerAssignment(first, around);
      return pattern === null || from === null ? null : { kind: name, from, pattern };
    }
    case 'last_number':
    case 'boxed':
    case 'json':
    case 'lines':
      return { kind: name, from };
  }
}

/** What a text must be, what is wrong when it is not, and how it is written. */
const TEXTS: Record<ExtractorArgument['kind'], { fits: RegExp; found: string; remedy: string }> = {
  tag: {
    fits: /^[A-Za-z_][\w-]*$/,
    found: 'A tag is letters, digits, `_` and `-`.',
    remedy: 'Write its name in quotes: `tag("answer")`.',
  },
  pattern: {
    fits: /^/,
    found: 'The pattern is not a text.',
    remedy: 'Write it in quotes: `regex("([0-9]+) apples")`.',
  },
  marker: { fits: /\S/, found: 'The marker is not a text.', remedy: 'Write it in quotes: `after("####")`.' },
  language: {
    fits: /^[^\s`]+$/,
    found: "A block's language is one word.",
    remedy: 'Write it in quotes: `code_block("python")`.',
  },
  options: { fits: /\S/, found: 'An option is not a text.', remedy: 'Write it in quotes: `choice("yes", "no")`.' },
  assignment: {
    fits: /^/,
    found: 'The pattern is not a text.',
    remedy: 'Write it in quotes: `"{name} is a {role}"`.',
  },
};

function lowerText(
  node: Ast.Expression | undefined,
  argument: ExtractorArgument | null,
  { analysis }: Surroundings,
): string | null {
  const wanted = TEXTS[argument?.kind ?? 'marker'];
  const text = node?.$type === 'TextValue' ? readText(node.literal).value : null;
  if (text !== null && wanted.fits.test(text)) return text;
  analysis.report(DIAGNOSTICS.captureArguments, spanOf(node), wanted.found, wanted.remedy);
  return null;
}

/** Texts of which no two are the same, or the one column that lists them. */
function lowerOptions(given: readonly Ast.Expression[], around: Surroundings): string[] | { column: string } | null {
  const { task, analysis } = around;
  const [first, second] = given;
  if (first?.$type === 'Name' && second === undefined) return lowerOptionsColumn(first, around);
  const options: string[] = [];
  let whole = true;
  for (const node of given) {
    const option = lowerText(node, { kind: 'options' }, around);
    const same = option === null ? undefined : options.find((one) => sameSpelling(one, option));
    if (same !== undefined) {
      const found = 'There is already an option that reads the same.';
      analysis.report(DIAGNOSTICS.captureArguments, spanOf(node), found, 'Remove one of them: case does not count.');
    }
    if (option === null) whole = false;
    else options.push(option);
  }
  if (given.length === 1 && whole) {
    const columns = [...task.columns.values()].filter(({ column }) => fits(column.type, TEXTS_TYPE));
    const named = columns.map(({ column }) => `\`${column.name}\``).join(', ');
    const remedy = `Write all options${named === '' ? '' : `, or name a column that lists them (${named})`}.`;
    analysis.report(DIAGNOSTICS.captureArguments, spanOf(first), 'One option is no choice.', remedy);
    return null;
  }
  return whole ? options : null;
}

const TEXTS_TYPE = { kind: 'list', of: { kind: 'text' } } as const;

function lowerOptionsColumn(node: Ast.Name, { task, scope, analysis }: Surroundings): { column: string } | null {
  const name = node.name ?? '';
  const known = task.columns.get(name);
  if (!known) {
    if (scope.isOpen()) return null;
    const columns = [...task.columns.keys()];
    analysis.report(DIAGNOSTICS.unknownName, spanOf(node), 'column', name, nearest(name, columns), columns);
    return null;
  }
  analysis.use(spanOf(node), known.thing);
  if (fits(known.column.type, TEXTS_TYPE)) return { column: name };
  const found = `\`${name}\` is a ${showType(known.column.type)}.`;
  analysis.report(DIAGNOSTICS.captureArguments, spanOf(node), found, 'Name a column that lists the options as texts.');
  return null;
}

/** `"{name} is a {role}"`: two holes with text between them. */
function lowerAssignment(node: Ast.Expression | undefined, around: Surroundings): string | null {
  const { task, analysis } = around;
  if (node?.$type !== 'TextValue') return lowerText(node, { kind: 'assignment' }, around);
  const text = readText(node.literal);
  const { parts, strayBraces } = readHoles(text);
  for (const span of strayBraces) analysis.report(DIAGNOSTICS.strayBrace, span);
  const holes = parts.filter((part) => part.kind === 'hole');
  for (const hole of holes) {
    const column = task.columns.get(`${hole.name}s`);
    if (column) analysis.use(nameSpan(hole.span, analysis.text), { ...column.thing, kind: 'hole' });
  }
  const between = parts.findIndex((part) => part.kind === 'hole') + 1;
  const touching = parts[between]?.kind === 'hole';
  if (holes.length === 2 && !touching && holes[0]?.name !== holes[1]?.name) return text.value;
  const found = `The pattern needs two holes with text between them; this has ${holes.length}.`;
  const shown = touching ? 'The two holes of the pattern touch.' : found;
  const same = holes.length === 2 && !touching ? 'Both holes of the pattern have the same name.' : shown;
  const remedy = 'Write it like `"{name} is a {role}"`: the name, then its value.';
  analysis.report(DIAGNOSTICS.captureArguments, spanOf(node), same, remedy);
  return null;
}

/** As `choice` reads: words in any case, with any white space between them. */
function sameSpelling(a: string, b: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ').trim();
  return plain(a) === plain(b);
}

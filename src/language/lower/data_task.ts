// `task jsonl("problems.jsonl", test: 10%, seed: 1) { question: text  secret answer }`: rows from a file. The columns are
// those of the file; the block says which are secret, what they mean, and of which type they must be.

import type { ValueType } from '../../spec/expression.ts';
import type { BadLine, ColumnFacts, DataFacts } from '../../spec/facts.ts';
import { shapeFits } from '../../spec/shapes.ts';
import type { Column, DataSource, Split, Template } from '../../spec/specification.ts';
import { nearest } from '../../spec/spelling.ts';
import { type Analysis, type Span, spanOf, spanOfProperty } from '../analysis.ts';
import { ANOTHER_NAME, DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { readNumber, readText } from '../literals.ts';
import { isRefusal, PENDING } from '../surroundings.ts';
import { showType } from '../types.ts';
import { lowerType } from './type.ts';

export interface LoweredColumn extends Column {
  /** Where the block lists it. */
  definition: Span | null;
  extent: Span | null;
  /** Neither the block nor the file has said its type yet. */
  isUnknown: boolean;
}

export interface LoweredData {
  source: DataSource;
  columns: LoweredColumn[];
  /** The file is not known, or not yet: it may have columns that are not listed here. */
  isOpen: boolean;
}

const STANDARD_SPLIT: Split = { kind: 'fraction', test: 0.1, seed: 1 };

export function isDataFormat(name: string): name is DataSource['format'] {
  return name === 'jsonl' || name === 'csv' || name === 'parquet';
}

export function lowerDataTask(node: Ast.TaskSection, format: DataSource['format'], analysis: Analysis): LoweredData {
  const [first] = node.arguments;
  const literal = first && !first.name ? first.text : undefined;
  const path = literal ? readText(literal).value : '';
  const source: DataSource = { format, path, split: lowerSplit(node, analysis) };
  const listed = lowerColumns(node, analysis);
  const span = literal ? spanOf(literal) : spanOfProperty(node, 'name');
  if (path === '') {
    const remedy = `Name it first: \`task ${format}("rows.${format}", test: 10%)\`.`;
    analysis.report(DIAGNOSTICS.dataFile, span, 'The task names no file.', remedy);
    return { source, columns: listed, isOpen: true };
  }
  const facts = analysis.around.data(source);
  if (facts === PENDING) return { source, columns: listed, isOpen: true };
  if (isRefusal(facts)) {
    analysis.report(DIAGNOSTICS.dataFile, span, facts.refused, facts.remedy);
    return { source, columns: listed, isOpen: true };
  }
  return { source, columns: columnsOf(facts, listed, source, span, analysis), isOpen: false };
}

// ---------------------------------------------------------------- arguments

function lowerSplit(node: Ast.TaskSection, analysis: Analysis): Split {
  let split = STANDARD_SPLIT;
  const seen = new Set<string>();
  for (const argument of node.arguments) {
    const { name } = argument;
    if (!name) continue;
    const span = spanOfProperty(argument, 'name');
    if (seen.has(name)) analysis.report(DIAGNOSTICS.duplicateName, span, 'an argument', name, 'Remove one of them.');
    seen.add(name);
    const [number, isNumber] = [readNumber(argument.from), argument.from !== undefined && !argument.to];
    if (name === 'split') {
      if (argument.text) split = { kind: 'column', column: readText(argument.text).value };
      else analysis.report(DIAGNOSTICS.argumentRange, spanOf(argument), name, 'the name of a column in quotes');
    } else if (name === 'test') {
      const test = argument.isPercent ? number / 100 : number;
      if (!isNumber || test <= 0 || test >= 1) {
        analysis.report(DIAGNOSTICS.argumentRange, spanOf(argument), name, 'a part between 0% and 100%: `test: 10%`');
      } else if (split.kind === 'fraction') split = { ...split, test };
    } else if (name === 'seed') {
      if (!isNumber || argument.isPercent || !Number.isInteger(number) || number < 0 || number > 4_294_967_295) {
        analysis.report(DIAGNOSTICS.argumentRange, spanOf(argument), name, 'a whole number from 0 to 4294967295');
      } else if (split.kind === 'fraction') split = { ...split, seed: number };
    }
  }
  if (seen.has('split') && (seen.has('test') || seen.has('seed'))) {
    analysis.report(DIAGNOSTICS.argumentRange, spanOf(node.arguments.at(-1)), 'split', 'without `test` and `seed`');
  }
  return split;
}

// ---------------------------------------------------------------- columns

function lowerColumns(node: Ast.TaskSection, analysis: Analysis): LoweredColumn[] {
  const columns: LoweredColumn[] = [];
  for (const declaration of node.columns) {
    const name = declaration.name ?? '';
    const definition = spanOfProperty(declaration, 'name');
    if (columns.some((column) => column.name === name)) {
      analysis.report(DIAGNOSTICS.duplicateName, definition, 'a column', name, ANOTHER_NAME);
      continue;
    }
    columns.push({
      name,
      type: declaration.type ? lowerType(declaration.type, analysis) : { kind: 'text' },
      secret: declaration.isSecret ?? false,
      doc: analysis.docOf(declaration),
      definition,
      extent: spanOf(declaration),
      isUnknown: declaration.type === undefined,
    });
  }
  return columns;
}

/** All columns of the file, in its order, as the block says. */
function columnsOf(
  facts: DataFacts,
  listed: readonly LoweredColumn[],
  { format, path }: DataSource,
  span: Span,
  analysis: Analysis,
): LoweredColumn[] {
  const unit = format === 'parquet' ? 'row' : 'line';
  const { count, first } = facts.unreadable;
  if (count > 0) analysis.report(DIAGNOSTICS.noRow, span, count, listPlaces(first, count, unit));
  if (facts.rows === 0 && count === 0) {
    analysis.report(DIAGNOSTICS.dataFile, span, `\`${path}\` has no rows.`, 'Write some into it.');
  }
  const names = facts.columns.map(({ name }) => name);
  const missing = listed.filter(({ name }) => !names.includes(name));
  for (const { name, definition } of facts.rows > 0 ? missing : []) {
    if (definition) analysis.report(DIAGNOSTICS.noColumn, definition, name, path, nearest(name, names), names);
  }
  const leftOut: string[] = [];
  const columns = facts.columns.flatMap((column): LoweredColumn[] => {
    const declared = listed.find(({ name }) => name === column.name);
    if (!/^[A-Za-z_]\w*$/.test(column.name)) {
      leftOut.push(`\`${column.name}\` is no name: use the letters A to Z and a to z, digits and \`_\`.`);
      return [];
    }
    const isTextFile = format === 'csv';
    const type = declared && !declared.isUnknown ? declared.type : typeInFile(column, isTextFile);
    if (type === null) {
      leftOut.push(`The values of \`${column.name}\` have no type in common.`);
      return declared ? [declared] : [];
    }
    if (!(isTextFile && type.kind === 'text')) checkType(column, type, declared?.definition ?? span, unit, analysis);
    const known = { name: column.name, type, isUnknown: false };
    return [
      declared ? { ...declared, ...known } : { ...known, secret: false, doc: '', definition: null, extent: null },
    ];
  });
  if (leftOut.length > 0) {
    const more = leftOut.length > MOST_LISTED ? ` And ${leftOut.length - MOST_LISTED} more.` : '';
    analysis.report(DIAGNOSTICS.columnsLeftOut, span, `${leftOut.slice(0, MOST_LISTED).join(' ')}${more}`);
  }
  return [...columns, ...missing];
}

const MOST_LISTED = 3;
/** Where more of the rows than this are of another type, the column has none. */
const MOST_MISFITS = 0.1;

/** The type that the file itself gives the column; null: none that nearly all rows have. */
function typeInFile({ type, shapes }: ColumnFacts, isTextFile: boolean): ValueType | null {
  if (type === null || isTextFile) return type;
  const all = shapes.reduce((sum, { rows }) => sum + rows, 0);
  const misfits = shapes.filter(({ shape }) => !shapeFits(shape, type)).reduce((sum, { rows }) => sum + rows, 0);
  return misfits > all * MOST_MISFITS && misfits > 1 ? null : type;
}

function checkType(column: ColumnFacts, type: ValueType, span: Span, unit: string, analysis: Analysis): void {
  const misfits = column.shapes.filter(({ shape }) => !shapeFits(shape, type));
  if (misfits.length === 0) return;
  const count = misfits.reduce((sum, { rows }) => sum + rows, 0);
  const places = misfits.flatMap(({ shape, lines }) => lines.map((line) => ({ line, why: `(${shape.kind})` })));
  places.sort((a, b) => a.line - b.line);
  const common = column.type && showType(column.type) !== showType(type) ? showType(column.type) : null;
  const listed = listPlaces(places, count, unit);
  analysis.report(DIAGNOSTICS.columnType, span, column.name, showType(type), count, listed, common);
}

function listPlaces(places: readonly BadLine[], count: number, unit: string): string {
  const told = places.slice(0, MOST_LISTED).map(({ line, why }) => `${unit} ${line} ${why}`);
  return count > told.length ? `${told.join(', ')} and ${count - told.length} more` : told.join(', ');
}

// ---------------------------------------------------------------- how the rows are divided

/** Once the prompt is known: an empty part, rows without one, rows in both. */
export function checkSplit(
  node: Ast.TaskSection,
  { source, columns, isOpen }: LoweredData,
  prompt: readonly Template[],
  analysis: Analysis,
): void {
  if (isOpen) return;
  const { split, path } = source;
  const named = node.arguments.find(({ name }) => name === (split.kind === 'column' ? 'split' : 'test'));
  const span = named ? spanOf(named) : spanOfProperty(node, 'name');
  const names = columns.map(({ name }) => name);
  if (split.kind === 'column' && !names.includes(split.column)) {
    analysis.report(DIAGNOSTICS.noColumn, span, split.column, path, nearest(split.column, names), names);
    return;
  }
  const shown = prompt.flatMap((text) => text.flatMap((part) => (part.kind === 'column' ? part.name : [])));
  const open = columns.filter(({ secret }) => !secret).map(({ name }) => name);
  const facts = analysis.around.split(source, { open, shown: [...new Set(shown)] });
  if (facts === PENDING || isRefusal(facts)) return;
  const { train, test, shared, neither } = facts;
  if (neither.count > 0 && split.kind === 'column') {
    const unit = source.format === 'parquet' ? 'row' : 'line';
    const places = listPlaces(neither.first, neither.count, unit);
    analysis.report(DIAGNOSTICS.splitValue, span, split.column, neither.count, places);
  }
  const remedy =
    split.kind === 'column'
      ? `Say \`train\` or \`test\` in \`${split.column}\`.`
      : 'Change `test:`, or use another `seed:`.';
  const side = train === 0 ? 'training' : test === 0 ? 'testing' : null;
  if (side !== null && train + test > 0) analysis.report(DIAGNOSTICS.emptySplit, span, side, train + test, remedy);
  if (shared > 0) analysis.report(DIAGNOSTICS.sharedRows, span, shared, test);
}

// `example "solved" { row {…} response "…" expect … }`: a test written beside the rules. Row values are plain data.

import type { ValueType } from '../../spec/expression.ts';
import type { Example, Rule } from '../../spec/specification.ts';
import { nearest } from '../../spec/spelling.ts';
import { type Analysis, spanOf, spanOfProperty } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import { fieldName, showScore } from '../expressions.ts';
import { flatText } from '../format/spacing.ts';
import type * as Ast from '../generated/ast.ts';
import { readNumber, readText } from '../literals.ts';
import { columnsOf } from '../reads.ts';
import type { Scope } from '../scope.ts';
import { aType } from '../types.ts';
import { lowerFinished, lowerGiven, lowerTokens } from './assumed.ts';
import { type LoweredReward, scoresOf } from './reward.ts';
import type { LoweredTask } from './task.ts';

export function lowerExamples(
  nodes: readonly Ast.ExampleSection[],
  task: LoweredTask,
  reward: LoweredReward,
  scope: Scope,
  analysis: Analysis,
): Example[] {
  const examples: Example[] = [];
  const columns = columnsRead(reward);
  for (const node of nodes) {
    const example = lowerExample(node, task, reward, columns, scope, analysis);
    if (examples.some((other) => other.name === example.name)) {
      analysis.report(
        DIAGNOSTICS.duplicateName,
        spanOf(node.title),
        'an example',
        example.name,
        'Give this one another name.',
      );
    }
    examples.push(example);
  }
  return examples;
}

function lowerExample(
  node: Ast.ExampleSection,
  task: LoweredTask,
  reward: LoweredReward,
  columns: ReadonlyMap<string, string>,
  scope: Scope,
  analysis: Analysis,
): Example {
  const name = readText(node.title).value;
  const place = analysis.place(spanOf(node).start);
  const example: Example = {
    name,
    row: {},
    response: '',
    tokens: null,
    finished: true,
    given: {},
    reward: null,
    rules: {},
    place,
  };
  const seen = new Set<string>();
  for (const item of node.items) {
    const word = WORDS[item.$type];
    if (seen.has(word) && word !== 'given') analysis.report(DIAGNOSTICS.sectionTwice, spanOf(item), word);
    seen.add(word);
    switch (item.$type) {
      case 'ExampleRow':
        example.row = lowerRow(item, task, analysis);
        checkColumns(item, example.row, columns, analysis);
        break;
      case 'ExampleResponse':
        example.response = readText(item.text).value;
        break;
      case 'ExampleTokens':
        lowerTokens(item, example, analysis);
        break;
      case 'ExampleFinished':
        lowerFinished(item, example);
        break;
      case 'ExampleGiven':
        lowerGiven(item, plainValue(item.value, analysis), example, scope, analysis);
        break;
      case 'ExampleExpect':
        lowerExpectations(item, example, reward, analysis);
        break;
    }
  }
  for (const [part, form] of Object.entries(PARTS)) {
    if (!seen.has(part)) analysis.report(DIAGNOSTICS.exampleIncomplete, spanOf(node.title), part, form);
  }
  return example;
}

const WORDS = {
  ExampleRow: 'row',
  ExampleResponse: 'response',
  ExampleTokens: 'tokens',
  ExampleFinished: 'finished',
  ExampleGiven: 'given',
  ExampleExpect: 'expect',
} as const;

const PARTS = { row: 'row { … }', response: 'response "…"', expect: 'expect reward 3' };

function lowerRow(node: Ast.ExampleRow, task: LoweredTask, analysis: Analysis): Example['row'] {
  const row: Example['row'] = {};
  for (const field of node.row?.fields ?? []) {
    const name = fieldName(field);
    const value = plainValue(field.value, analysis);
    const found = task.columns.get(name);
    const span = field.name === undefined ? spanOf(field.text) : spanOfProperty(field, 'name');
    if (found) {
      analysis.use(span, found.thing);
      if (!isOfType(value, found.column.type)) {
        const shown = `\`${name}\` is ${aType(found.column.type)}.`;
        analysis.report(DIAGNOSTICS.exampleRow, spanOf(field.value), shown, 'Write a value of that type.');
      }
    } else if (!task.isOpen) {
      const known = [...task.columns.keys()];
      analysis.report(DIAGNOSTICS.unknownName, span, 'column', name, nearest(name, known), known);
    }
    if (Object.hasOwn(row, name))
      analysis.report(DIAGNOSTICS.duplicateName, span, 'a column', name, 'Remove one of them.');
    Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return row;
}

/** Columns that rules read, with the first rule that does. */
function columnsRead({ rules }: LoweredReward): Map<string, string> {
  const read = new Map<string, string>();
  for (const rule of rules) {
    for (const each of rule.cases) {
      for (const column of [...columnsOf(each.score), ...(each.when ? columnsOf(each.when) : [])]) {
        if (!read.has(column)) read.set(column, rule.name);
      }
    }
  }
  return read;
}

/** Columns that rules read and the row does not have. */
function checkColumns(
  node: Ast.ExampleRow,
  row: Example['row'],
  columns: ReadonlyMap<string, string>,
  analysis: Analysis,
): void {
  for (const [column, rule] of columns) {
    if (!Object.hasOwn(row, column)) analysis.report(DIAGNOSTICS.exampleLacksColumn, spanOf(node), column, rule);
  }
}

/** A literal as JSON; anything else is reported and null. */
function plainValue(node: Ast.Expression | undefined, analysis: Analysis): unknown {
  switch (node?.$type) {
    case 'NumberLiteral':
      return readNumber(node);
    case 'TextValue':
      return readText(node.literal).value;
    case 'BoolLiteral':
      return node.image === 'true';
    case 'Signed': {
      const value = plainValue(node.operand, analysis);
      return typeof value === 'number' && node.sign === '-' ? 0 - value : value;
    }
    case 'ListLiteral':
      return node.items.map((item) => plainValue(item, analysis));
    case 'RecordLiteral':
      return Object.fromEntries(node.fields.map((field) => [fieldName(field), plainValue(field.value, analysis)]));
    default: {
      if (!node) return null;
      const written = flatText(node);
      const meant = node.$type === 'Name' ? nearest(written, ['true', 'false']) : null;
      const form = 'Write numbers, texts in quotes, `true`, `false`, lists and records.';
      const remedy = meant === null ? form : `Did you mean \`${meant}\`?`;
      analysis.report(DIAGNOSTICS.exampleRow, spanOf(node), `\`${written}\` is no plain value.`, remedy);
      return null;
    }
  }
}

function isOfType(value: unknown, type: ValueType): boolean {
  if (value === null) return true;
  switch (type.kind) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'bool':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value) && value.every((item) => isOfType(item, type.of));
    case 'record':
      return (
        typeof value === 'object' &&
        !Array.isArray(value) &&
        Object.values(value).every((item) => isOfType(item, type.of))
      );
    case 'struct': {
      if (typeof value !== 'object' || Array.isArray(value)) return false;
      const fields = new Map(Object.entries(value));
      return type.fields.every((field) => isOfType(fields.get(field.name) ?? null, field.type));
    }
  }
}

function lowerExpectations(node: Ast.ExampleExpect, example: Example, reward: LoweredReward, analysis: Analysis): void {
  const known = ['reward', ...reward.things.keys()];
  for (const expectation of node.expectations) {
    const name = expectation.name ?? '';
    const value = readNumber(expectation.value);
    const span = spanOfProperty(expectation, 'name');
    if (name === 'reward') {
      if (example.reward !== null)
        analysis.report(DIAGNOSTICS.duplicateName, span, 'an expected', name, 'Remove one of them.');
      example.reward = value;
      continue;
    }
    const thing = reward.things.get(name);
    if (!thing) {
      analysis.report(DIAGNOSTICS.unknownName, span, 'rule', name, nearest(name, known), known);
      continue;
    }
    analysis.use(span, thing);
    if (Object.hasOwn(example.rules, name))
      analysis.report(DIAGNOSTICS.duplicateName, span, 'an expected', name, 'Remove one of them.');
    example.rules[name] = value;
    checkScore(
      expectation,
      value,
      reward.rules.find((rule) => rule.name === name),
      analysis,
    );
  }
}

function checkScore(node: Ast.Expectation, value: number, rule: Rule | undefined, analysis: Analysis): void {
  const scores = scoresOf(rule);
  if (!rule || scores === null || scores.includes(value)) return;
  const shown = scores.map(showScore).join(', ');
  analysis.report(DIAGNOSTICS.exampleScore, spanOf(node), rule.name, showScore(value), shown);
}

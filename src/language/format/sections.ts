// Where the lines of a file begin: sections, their blocks, and what stands in them. `{ … }` of a prompt, a motivation, an
// arm, a plan, a stage, a judge or a task's columns stays on one line when it was written on one; rules, captures, watches
// and examples never are.

import type { AstNode } from 'langium';
import type * as Ast from '../generated/ast.ts';
import { layOutCases } from './cases.ts';
import { type Blank, INDENT, type Layout, LINE } from './layout.ts';

export function layOutFile(layout: Layout, file: Ast.File): void {
  let before: { section: Ast.Section; isOneLine: boolean } | null = null;
  for (const section of file.sections) {
    const [first, last] = layout.rangeOf(section);
    layOutSection(layout, section);
    const isOneLine = layout.gaps.slice(first + 1, last + 1).every(({ kind }) => kind === 'space');
    const isSame = before?.isOneLine && isOneLine && before.section.$type === section.$type;
    layout.line(first, 0, before === null || isSame ? 'keep' : 'always');
    before = { section, isOneLine };
  }
  alignRuns(layout, file.sections.filter(isOneLineArm(layout)), '{');
  alignRuns(layout, file.sections.filter(isDerived), '=');
}

function layOutSection(layout: Layout, section: Ast.Section): void {
  switch (section.$type) {
    case 'TaskSection':
      layOutTask(layout, section);
      break;
    case 'VerifierSection':
      layout.fold(...layout.rangeOf(section), 0);
      break;
    case 'JudgeSection':
      settings(layout, section, section.settings, 0);
      break;
    case 'PromptSection':
      block(layout, section, section.messages, 0, 'as written');
      break;
    case 'ResponseSection':
      block(layout, section, section.captures, 0, 'lines');
      for (const capture of section.captures) layout.fold(...layout.rangeOf(capture), INDENT);
      alignRuns(layout, section.captures, '=');
      break;
    case 'RewardSection':
      block(layout, section, inOrder(layout, [...section.rules, ...section.totals]), 0, 'lines', 'always');
      for (const total of section.totals) layout.fold(...layout.rangeOf(total), INDENT);
      for (const rule of section.rules) {
        block(layout, rule, rule.cases, INDENT, 'lines');
        layOutCases(layout, rule, 2 * INDENT);
      }
      break;
    case 'MotivationSection':
      if (section.text) block(layout, section, [section.text], 0, 'as written');
      break;
    case 'ArmSection':
      layOutArm(layout, section);
      break;
    case 'TrainSection':
    case 'StageSection':
      settings(layout, section, section.items, 0);
      break;
    case 'WatchSection':
      block(layout, section, section.items, 0, 'lines');
      alignRuns(layout, section.items, 'when');
      break;
    case 'ExampleSection':
      block(layout, section, section.items, 0, 'lines');
      for (const item of section.items) layout.fold(...layout.rangeOf(item), INDENT);
      break;
  }
}

/** The arguments on one line where they fit, and the columns below. */
function layOutTask(layout: Layout, task: Ast.TaskSection): void {
  const [first] = layout.rangeOf(task);
  layout.fold(first, layout.find(task, ')') ?? first, 0);
  block(layout, task, task.columns, 0, 'as written');
  for (const column of task.columns) layout.fold(...layout.rangeOf(column), INDENT);
}

function inOrder(layout: Layout, nodes: readonly AstNode[]): AstNode[] {
  return [...nodes].sort((a, b) => layout.rangeOf(a)[0] - layout.rangeOf(b)[0]);
}

function layOutArm(layout: Layout, arm: Ast.ArmSection): void {
  block(layout, arm, arm.items, 0, 'as written');
  const [first, last] = layout.rangeOf(arm);
  const isLines = layout.gaps.slice(first + 1, last + 1).some(({ kind }) => kind === 'line');
  for (const item of arm.items) {
    if (isLines && item.$type === 'TrainSection') settings(layout, item, item.items, INDENT);
    if (!isLines && item.$type === 'TrainSection') spread(layout, item.items);
  }
}

/** Settings stay on the lines they were written on; a line that is too long is broken. */
function settings(layout: Layout, node: AstNode, items: readonly AstNode[], column: number): void {
  const written = items.map((item) => {
    const [first, last] = layout.rangeOf(item);
    return { first, last, begins: layout.pieces[first]?.newlineBefore === true };
  });
  block(layout, node, items, column, 'as written');
  const isLines = written.some(({ first }) => layout.gaps[first]?.kind === 'line');
  if (!isLines) return;
  let end = 0;
  for (const [index, { first, last, begins }] of written.entries()) {
    const width = layout.width(first, last);
    const follows = index > 0 && !begins && end + 2 + width <= LINE;
    if (follows) layout.space(first, 2);
    end = (follows ? end + 2 : column + INDENT) + width;
  }
}

/** `lines`: each item on its own; `as written`: on one line when all of it was and fits there. */
function block(
  layout: Layout,
  node: AstNode,
  items: readonly AstNode[],
  column: number,
  kind: 'lines' | 'as written',
  between: Blank = 'keep',
): void {
  const open = layout.find(node, '{');
  const [first, close] = layout.rangeOf(node);
  if (open === null) return;
  const isEmpty = items.length === 0 && !layout.hasComments(open, close);
  const isShort = layout.isOneLine(open, close) && column + layout.width(first, close) + items.length <= LINE;
  if (isEmpty) return;
  if (kind === 'as written' && isShort) {
    spread(layout, items);
    return;
  }
  items.forEach((item, index) => {
    layout.line(layout.rangeOf(item)[0], column + INDENT, index === 0 ? 'never' : between);
  });
  layout.close(close, column);
}

/** Two spaces between items on one line. */
function spread(layout: Layout, items: readonly AstNode[]): void {
  for (const item of items.slice(1)) layout.space(layout.rangeOf(item)[0], 2);
}

/** Puts a token of consecutive lines under each other; an empty line or a comment ends a run. */
function alignRuns(layout: Layout, items: readonly AstNode[], image: string): void {
  let run: { from: number; at: number }[] = [];
  let end = -1;
  for (const item of items) {
    const [from, last] = layout.rangeOf(item);
    const at = layout.find(item, image);
    const isNext = end === from - 1 && layout.followsClosely(from);
    if (!isNext) {
      if (run.length > 0) layout.align(run);
      run = [];
    }
    end = last;
    if (at !== null && !layout.hasComments(from, at)) run.push({ from, at });
  }
  if (run.length > 0) layout.align(run);
}

function isOneLineArm(layout: Layout): (section: Ast.Section) => boolean {
  return (section) => {
    const [first, last] = layout.rangeOf(section);
    const isOneLine = layout.gaps.slice(first + 1, last + 1).every(({ kind }) => kind === 'space');
    return section.$type === 'ArmSection' && isOneLine;
  };
}

function isDerived(section: Ast.Section): boolean {
  return section.$type === 'MotivationSection' && section.derived !== undefined;
}

// `prompt { system "…" user "…" }`: texts with holes for columns and for the arm's motivation. Secrets stop here.

import type { Prompt, Template } from '../../spec/specification.ts';
import { nearest } from '../../spec/spelling.ts';
import { type Analysis, type NamedThing, spanOf } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { readText } from '../literals.ts';
import { readHoles } from '../template.ts';
import type { LoweredTask } from './task.ts';

export function lowerPrompt(node: Ast.PromptSection | undefined, task: LoweredTask, analysis: Analysis): Prompt {
  const prompt: Prompt = { system: null, user: [] };
  const seen = new Set<string>();
  for (const message of node?.messages ?? []) {
    const role = message.role ?? 'user';
    if (seen.has(role)) analysis.report(DIAGNOSTICS.sectionTwice, spanOf(message), role);
    seen.add(role);
    const template = lowerPromptText(message.text, task, analysis);
    if (role === 'system') prompt.system = template;
    else prompt.user = template;
  }
  if (node && !seen.has('user')) {
    analysis.report(DIAGNOSTICS.missingSection, spanOf(node), '`prompt`', 'user', 'user "{quiz}"');
  }
  return prompt;
}

const MOTIVATION_HOLE: NamedThing = {
  kind: 'hole',
  name: 'motivation',
  signature: '{motivation}',
  doc: "Where the arm's motivation goes. A line on which only an empty motivation remains is dropped.",
  definition: null,
  extent: null,
};

function lowerPromptText(literal: Ast.TextLiteral | undefined, task: LoweredTask, analysis: Analysis): Template {
  const { parts, strayBraces } = readHoles(readText(literal));
  for (const span of strayBraces) analysis.report(DIAGNOSTICS.strayBrace, span);
  return parts.flatMap((part): Template => {
    if (part.kind === 'text') return [part];
    const { name, span } = part;
    const found = task.columns.get(name);
    if (found) {
      analysis.use(nameSpan(span, analysis.text), found.thing);
      if (found.column.secret) analysis.report(DIAGNOSTICS.secretLeak, span, name, 'the prompt');
      return [{ kind: 'column', name }];
    }
    if (name === 'motivation') {
      analysis.use(span, MOTIVATION_HOLE);
      return [{ kind: 'motivation' }];
    }
    const open = [...task.columns.values()].filter(({ column }) => !column.secret).map(({ column }) => column.name);
    const known = [...open, 'motivation'];
    if (!task.isOpen) {
      analysis.report(DIAGNOSTICS.unknownName, span, 'column', name, nearest(name, known), known);
    }
    return [];
  });
}

/** The name inside a hole, without braces and blanks. */
export function nameSpan(hole: { start: number; end: number }, text: string): { start: number; end: number } {
  const inner = text.slice(hole.start + 1, hole.end - 1);
  const start = hole.start + 1 + (inner.length - inner.trimStart().length);
  return { start, end: start + inner.trim().length };
}

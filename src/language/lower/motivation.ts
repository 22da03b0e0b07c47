// `motivation full { "… {rules} …" }` and those derived from it: `= full only correctness`, `= full without format`,
// `= full inverted`, `= none`. A derived one has its base's text; a base may stand before or after it.

import type { Arm, Motivation, Template } from '../../spec/specification.ts';
import { type Analysis, type NamedThing, spanOf, spanOfProperty } from '../analysis.ts';
import { ANOTHER_NAME, DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { readText } from '../literals.ts';
import { nearest } from '../spelling.ts';
import { readHoles } from '../template.ts';
import type { LoweredReward } from './reward.ts';
import type { LoweredTask } from './task.ts';

export interface LoweredMotivations {
  motivations: Motivation[];
  things: ReadonlyMap<string, NamedThing>;
  nodes: ReadonlyMap<string, Ast.MotivationSection>;
}

export function lowerMotivations(
  nodes: readonly Ast.MotivationSection[],
  reward: LoweredReward,
  task: LoweredTask,
  analysis: Analysis,
): LoweredMotivations {
  const things = new Map<string, NamedThing>();
  const byName = new Map<string, Ast.MotivationSection>();
  for (const node of nodes) {
    const name = node.name ?? '';
    const definition = spanOfProperty(node, 'name');
    const doc = analysis.docOf(node);
    const signature = `motivation ${name}`;
    const thing = analysis.define({ kind: 'motivation', name, signature, doc, definition, extent: spanOf(node) });
    if (byName.has(name)) {
      analysis.report(DIAGNOSTICS.duplicateName, definition, 'a motivation', name, ANOTHER_NAME);
      continue;
    }
    byName.set(name, node);
    things.set(name, thing);
  }

  const lowered = new Map<string, Motivation>();
  const lower = (name: string, above: readonly string[]): Motivation | null => {
    const known = lowered.get(name);
    const node = byName.get(name);
    if (known || !node) return known ?? null;
    const motivation = node.derived
      ? derive(node, node.derived, (base) => lower(base, [...above, name]), [...above, name], things, reward, analysis)
      : written(node, reward, task, analysis);
    lowered.set(name, motivation);
    return motivation;
  };
  for (const [name, node] of byName) {
    const findings = analysis.findings.length;
    const motivation = lower(name, []);
    const thing = things.get(name);
    if (motivation && thing) thing.signature = `motivation ${name} ${showRules(motivation)}`;
    const isClean = analysis.findings.length === findings && reward.rules.length > 0;
    if (motivation?.rules.length === 0 && !node.derived?.isNone && isClean) {
      analysis.report(DIAGNOSTICS.motivationWithoutRules, spanOfProperty(node, 'name'), name);
    }
  }
  const motivations = [...byName.keys()].flatMap((name) => lowered.get(name) ?? []);
  return { motivations, things, nodes: byName };
}

const HOLES: ReadonlyMap<string, { part: Template[number]; doc: string }> = new Map([
  ['rules', { part: { kind: 'rules' }, doc: 'Every rule it shows: its title, and the score and text of each case.' }],
  ['reward.min', { part: { kind: 'rewardMin' }, doc: 'The least that the shown rules can add up to.' }],
  ['reward.max', { part: { kind: 'rewardMax' }, doc: 'The most that the shown rules can add up to.' }],
]);

export const MOTIVATION_HOLES: readonly string[] = [...HOLES.keys()];

function written(
  node: Ast.MotivationSection,
  reward: LoweredReward,
  task: LoweredTask,
  analysis: Analysis,
): Motivation {
  const { parts, strayBraces } = readHoles(readText(node.text));
  for (const span of strayBraces) analysis.report(DIAGNOSTICS.strayBrace, span);
  const template = parts.flatMap((part): Template => {
    if (part.kind === 'text') return [part];
    const { name, span } = part;
    const hole = HOLES.get(name);
    if (hole) {
      const signature = `{${name}}`;
      analysis.use(span, { kind: 'hole', name, signature, doc: hole.doc, definition: null, extent: null });
      return [hole.part];
    }
    const column = task.columns.get(name)?.column;
    if (column?.secret) analysis.report(DIAGNOSTICS.secretLeak, span, name, 'a motivation');
    else if (column) analysis.report(DIAGNOSTICS.columnInMotivation, span, name);
    else {
      const suggestion = nearest(name, MOTIVATION_HOLES);
      analysis.report(DIAGNOSTICS.unknownName, span, 'hole', name, suggestion, MOTIVATION_HOLES);
    }
    return [];
  });
  const showsRules = template.some((part) => part.kind === 'rules');
  const rules = showsRules ? reward.rules.map((rule) => rule.name) : [];
  return motivationOf(node, template, rules, false, analysis);
}

function derive(
  node: Ast.MotivationSection,
  derived: Ast.Derivation,
  lower: (name: string) => Motivation | null,
  above: readonly string[],
  things: ReadonlyMap<string, NamedThing>,
  reward: LoweredReward,
  analysis: Analysis,
): Motivation {
  const name = derived.base ?? '';
  const span = spanOfProperty(derived, 'base');
  const thing = things.get(name);
  if (thing) analysis.use(span, thing);
  else if (!derived.isNone) {
    const known = [...things.keys()].filter((each) => each !== node.name);
    analysis.report(DIAGNOSTICS.unknownName, span, 'motivation', name, nearest(name, known), known);
  }
  if (above.includes(name)) analysis.report(DIAGNOSTICS.circularMotivation, span, node.name ?? '');
  const base = derived.isNone || above.includes(name) ? null : lower(name);
  let rules = base?.rules ?? [];
  let inverted = base?.inverted ?? false;
  for (const step of derived.steps) {
    const named = step.rules.map((rule) => useRule(rule, reward, analysis));
    if (step.kind === 'only') rules = rules.filter((rule) => named.includes(rule));
    if (step.kind === 'without') rules = rules.filter((rule) => !named.includes(rule));
    if (step.kind === 'inverted') inverted = !inverted;
  }
  return motivationOf(node, base?.template ?? [], rules, inverted, analysis);
}

/** The rule that is named, reported when there is none. */
export function useRule(node: Ast.RuleName, { things }: LoweredReward, analysis: Analysis): string {
  const name = node.name ?? '';
  const thing = things.get(name);
  const known = [...things.keys()];
  if (thing) analysis.use(spanOf(node), thing);
  else analysis.report(DIAGNOSTICS.unknownName, spanOf(node), 'rule', name, nearest(name, known), known);
  return name;
}

function motivationOf(
  node: Ast.MotivationSection,
  template: Template,
  rules: string[],
  inverted: boolean,
  analysis: Analysis,
): Motivation {
  const place = analysis.place(spanOf(node).start);
  return {
    name: node.name ?? '',
    doc: analysis.docOf(node),
    template,
    rules,
    inverted,
    shows: 'all',
    placement: 'template',
    visibility: { share: 1, decay: null, update: 'with' },
    place,
  };
}

function showRules(motivation: Motivation): string {
  if (motivation.rules.length === 0) return 'shows no rules';
  return `shows ${motivation.rules.join(', ')}${motivation.inverted ? ', every number negated' : ''}`;
}

/** Cases that the motivation of an arm shows the model without a text, once per case. */
export function checkTexts(
  arms: readonly Arm[],
  { motivations }: LoweredMotivations,
  { rules, nodes }: LoweredReward,
  analysis: Analysis,
): void {
  const read = motivations.filter((each) => arms.some((arm) => arm.motivation === each.name));
  for (const rule of rules) {
    const motivation = read.find((each) => each.rules.includes(rule.name));
    if (!motivation) continue;
    rule.cases.forEach((each, index) => {
      if (each.text !== null && each.text.trim() !== '') return;
      const span = spanOf(nodes.get(rule.name)?.cases[index]);
      analysis.report(DIAGNOSTICS.caseWithoutText, span, rule.name, motivation.name);
    });
  }
}

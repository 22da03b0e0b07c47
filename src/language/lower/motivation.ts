// `motivation full { "… {rules} …" }` and those derived from it: `= full only correctness`, `= full inverted at user`,
// `= none`. A derived one has its base's text and options; a base may stand before or after it. What an option does is in
// motivation_options.ts.

import type { Arm, Motivation } from '../../spec/specification.ts';
import { nearest } from '../../spec/spelling.ts';
import { type Analysis, type NamedThing, spanOf, spanOfProperty } from '../analysis.ts';
import { ANOTHER_NAME, DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { applyOptions, PLAIN, type Shown } from './motivation_options.ts';
import { lowerMotivationText } from './motivation_text.ts';
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
      ? derive(
          node,
          node.derived,
          (base) => lower(base, [...above, name]),
          [...above, name],
          things,
          reward,
          task,
          analysis,
        )
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

function written(
  node: Ast.MotivationSection,
  reward: LoweredReward,
  task: LoweredTask,
  analysis: Analysis,
): Motivation {
  const template = lowerMotivationText(node.text, task, analysis);
  const showsRules = template.some((part) => part.kind === 'rules');
  const rules = showsRules ? reward.rules.filter((rule) => !rule.isMetric).map((rule) => rule.name) : [];
  const shown = applyOptions({ ...PLAIN, template, rules }, node.options, reward, task, analysis);
  return motivationOf(node, shown, analysis);
}

function derive(
  node: Ast.MotivationSection,
  derived: Ast.Derivation,
  lower: (name: string) => Motivation | null,
  above: readonly string[],
  things: ReadonlyMap<string, NamedThing>,
  reward: LoweredReward,
  task: LoweredTask,
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
  return motivationOf(node, applyOptions(base ?? PLAIN, derived.steps, reward, task, analysis), analysis);
}

function motivationOf(node: Ast.MotivationSection, shown: Shown, analysis: Analysis): Motivation {
  const { template, rules, inverted, shows, placement, visibility } = shown;
  const place = analysis.place(spanOf(node).start);
  const doc = analysis.docOf(node);
  return { name: node.name ?? '', doc, template, rules, inverted, shows, placement, visibility, place };
}

function showRules(motivation: Motivation): string {
  if (motivation.rules.length === 0) return 'shows no rules';
  const what = { all: '', scores: ', scores only', criteria: ', criteria only' }[motivation.shows];
  return `shows ${motivation.rules.join(', ')}${what}${motivation.inverted ? ', every number negated' : ''}`;
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

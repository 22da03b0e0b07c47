// Code lenses: above the experiment and each arm what can be done with it, above each example `Run`, above each rule
// what it did in the latest run. A lens whose command the editor has not is left out; a number stands without one.

import type { CodeLens } from 'vscode-languageserver';
import { type Span, spanOf } from '../analysis.ts';
import { readText } from '../literals.ts';
import type { Client, Language } from './client.ts';
import type { EditorDocument } from './document.ts';
import { numbersOfRule, type RunNumbers, sparkline } from './numbers.ts';

const WORDS = {
  en: {
    train: '▶ Train',
    preview: 'Preview prompt',
    probe: 'Probe',
    run: '▶ Run example',
    mean: (mean: string) => `mean ${mean}`,
    step: (step: number) => `step ${step}`,
    of: (arm: string, seed: number) => `${arm}, seed ${seed}`,
  },
  ja: {
    train: '▶ 学習',
    preview: 'プロンプトを見る',
    probe: '探る',
    run: '▶ 例を実行',
    mean: (mean: string) => `平均 ${mean}`,
    step: (step: number) => `ステップ ${step}`,
    of: (arm: string, seed: number) => `${arm}、シード ${seed}`,
  },
} as const satisfies Record<Language, object>;

/** What lenses ask the editor to do; their arguments are `{ uri, … }`. */
export const LENS_COMMANDS = {
  train: 'merf.train',
  preview: 'merf.showPrompt',
  probe: 'merf.probe',
  run: 'merf.runExample',
  rollouts: 'merf.openRollouts',
} as const;

export function lensesOf(document: EditorDocument, client: Client, run: RunNumbers | null): CodeLens[] {
  const { uri } = document.text;
  const words = WORDS[client.language];
  const lenses: CodeLens[] = [];
  const offer = (span: Span, title: string, command: string, argument: object): void => {
    if (!client.commands.has(command)) return;
    lenses.push({ range: lineOf(document, span), command: { title, command, arguments: [argument] } });
  };
  for (const section of document.analysed.file.sections ?? []) {
    if (section.$type === 'Experiment') {
      offer(spanOf(section), words.train, LENS_COMMANDS.train, { uri });
      offer(spanOf(section), words.preview, LENS_COMMANDS.preview, { uri });
      offer(spanOf(section), words.probe, LENS_COMMANDS.probe, { uri });
    } else if (section.$type === 'ArmSection' && section.name) {
      offer(spanOf(section), words.train, LENS_COMMANDS.train, { uri, arm: section.name });
      offer(spanOf(section), words.preview, LENS_COMMANDS.preview, { uri, arm: section.name });
    } else if (section.$type === 'ExampleSection') {
      const example = readText(section.title).value;
      offer(spanOf(section), words.run, LENS_COMMANDS.run, { uri, example });
    }
  }
  return [...lenses, ...(run ? ruleLenses(document, client, run) : [])];
}

/** `mean 0.24 ↗ ▁▂▅█ · merf, seed 1, step 200`, and for each case `+1: 62%`: its rollouts. */
function ruleLenses(document: EditorDocument, client: Client, run: RunNumbers): CodeLens[] {
  const words = WORDS[client.language];
  const { understood, analysis } = document.analysed;
  const opens = client.commands.has(LENS_COMMANDS.rollouts);
  return understood.rules.flatMap((rule): CodeLens[] => {
    const thing = analysis.things.find(({ kind, name }) => kind === 'rule' && name === rule.name);
    const numbers = numbersOfRule(understood, rule, run);
    if (!thing?.definition || !analysis.isOwn(thing.definition) || !numbers) return [];
    const range = lineOf(document, thing.definition);
    const place = { folder: run.folder, rule: rule.name, step: run.step };
    const lens = (title: string, more: object = {}): CodeLens => {
      const command = opens ? LENS_COMMANDS.rollouts : '';
      return { range, command: { title, command, ...(opens ? { arguments: [{ ...place, ...more }] } : {}) } };
    };
    const mean = [words.mean(numbers.mean), numbers.trend, sparkline(numbers.means)].filter(Boolean).join(' ');
    const cases = numbers.cases.map(({ score, share }, i) => lens(`${score}: ${share}`, { case: i }));
    return [lens(`${mean} · ${words.of(run.arm, run.seed)}, ${words.step(run.step)}`), ...cases];
  });
}

/** Lenses stand above the line in which a span begins. */
function lineOf(document: EditorDocument, { start }: Span): CodeLens['range'] {
  const at = { line: document.text.positionAt(start).line, character: 0 };
  return { start: at, end: at };
}

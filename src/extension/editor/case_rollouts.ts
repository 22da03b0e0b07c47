// The responses in which a case fired: a peek at them under the line, each a text that only this window knows. Its
// address says which line of which run's file it is, so it is read from disk when it is shown, and again after a reload.

import * as vscode from 'vscode';
import { z } from 'zod';
import type { RolloutLine } from '../../run/format.ts';
import { numberText, scoreText } from '../../run/number_text.ts';
import { readRollouts } from '../../run/read.ts';
import { RolloutSet } from '../../run/view.ts';
import { languageId } from '../commands.ts';
import type { RunStore } from '../runs/run_store.ts';
import type { CaseNumbersView, CasePlace } from './case_numbers.ts';

export const rolloutScheme = 'merf-rollout';

/** As many as a peek lists. */
const MOST = 50;

const Address = z.object({ folder: z.string(), set: RolloutSet, index: z.number().int().min(0) });
export const RolloutsPlace = z.object({
  folder: z.string(),
  step: z.number(),
  rule: z.string().optional(),
  case: z.number().optional(),
  /** Which responses of the step: those of training, or of the evaluation under a prompt; and which of them. */
  set: RolloutSet.shape.kind.default('train'),
  filter: z.string().default(''),
});
export type RolloutsPlace = z.infer<typeof RolloutsPlace>;

/** Texts of single rollouts, of runs that this window has found itself. */
export class RolloutTexts implements vscode.TextDocumentContentProvider {
  private readonly store: RunStore;

  constructor(store: RunStore) {
    this.store = store;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const address = Address.safeParse(parsed(uri.query));
    const run = address.success ? this.store.find(address.data.folder) : undefined;
    const line = address.success && run ? readRollouts(run.folder, address.data.set)[address.data.index] : undefined;
    if (!line || !run) return vscode.l10n.t('This response is not there any more.');
    const rules = run.record.specification.rules.map(({ name, title, cases }) => {
      const judged = line.rules[name];
      const text = judged ? (cases[judged.case]?.text ?? '') : '';
      return `${title}: ${judged ? scoreText(judged.score) : '–'}${text === '' ? '' : `  (${text})`}`;
    });
    // the editor marks a typographic minus as a letter that may be mistaken
    return [
      ...[summary(line), ...rules].map((each) => each.replaceAll('−', '-')),
      '',
      line.response,
      '',
      '─'.repeat(60),
      line.prompt,
    ].join('\n');
  }
}

/** `reward +3, advantage 1.2, 85 tokens` */
function summary({ reward, advantage, token_ids }: RolloutLine): string {
  return [
    reward === null ? vscode.l10n.t('not scored') : vscode.l10n.t('reward {0}', scoreText(reward)),
    ...(advantage === null ? [] : [vscode.l10n.t('advantage {0}', numberText(advantage))]),
    vscode.l10n.t('{0} tokens', token_ids.length),
  ].join(', ');
}

/** The case that is given, or the one at the cursor; null: there is none, and the person was told. */
export function caseMeant(numbers: CaseNumbersView, given: unknown): CasePlace | null {
  const place = RolloutsPlace.safeParse(given);
  if (place.success && place.data.rule !== undefined && place.data.case !== undefined) {
    const { folder, step, rule } = place.data;
    return { folder, step, rule, case: place.data.case };
  }
  const editor = vscode.window.activeTextEditor;
  const found =
    editor?.document.languageId === languageId ? numbers.at(editor.document.uri, editor.selection.active.line) : null;
  if (!found) {
    const words = vscode.l10n.t('Put the cursor on a case of a rule. Its responses are those of the latest run.');
    void vscode.window.showInformationMessage(words);
  }
  return found;
}

/** Lists the responses of the step in which the case fired, under the line. */
export async function peekRollouts(store: RunStore, numbers: CaseNumbersView, given?: unknown): Promise<void> {
  const place = caseMeant(numbers, given);
  const editor = vscode.window.activeTextEditor;
  const run = place && store.find(place.folder);
  if (!place || !editor || !run) return;
  const set: RolloutSet = { kind: 'train', step: place.step };
  const locations = readRollouts(run.folder, set).flatMap((line, index) => {
    if (line.rules[place.rule]?.case !== place.case) return [];
    const name = vscode.l10n.t(
      'prompt {0}, sample {1}, reward {2}',
      line.prompt_index + 1,
      line.sample + 1,
      line.reward === null ? '–' : scoreText(line.reward),
    );
    const folder = vscode.l10n.t('step {0}', line.step);
    const query = JSON.stringify({ folder: run.folder, set, index } satisfies z.infer<typeof Address>);
    const uri = vscode.Uri.from({ scheme: rolloutScheme, path: `/${folder}/${name}`, query });
    return [new vscode.Location(uri, new vscode.Position(run.record.specification.rules.length + 2, 0))];
  });
  const item = numbers.of(editor.document.uri)?.cases.find((one) => one.rule === place.rule && one.case === place.case);
  const at = item ? new vscode.Position(item.range.start.line, item.range.start.character) : editor.selection.active;
  const none = vscode.l10n.t('No response of step {0} took this case.', place.step);
  await vscode.commands.executeCommand(
    'editor.action.peekLocations',
    editor.document.uri,
    at,
    locations.slice(0, MOST),
    'peek',
    none,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

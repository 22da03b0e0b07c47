// What a run is doing inside its step, in words: a slow step and one that hangs look different.

import * as vscode from 'vscode';
import { durationText } from '../../run/number_text.ts';
import { type Phase, secondsLeftBy, silentFor } from '../../run/sign_of_life.ts';
import { secondsLeft } from '../../run/view.ts';
import type { KnownRun } from './run_store.ts';

/** `writing responses 40/128`; null: it is not at work. */
export function workWords({ sign }: KnownRun): string | null {
  if (sign === null) return null;
  const work = phaseWords(sign.phase);
  return sign.of > 0 ? `${work} ${sign.done}/${sign.of}` : work;
}

/** `no sign of life for 4 min 10 s`; null: it is at work, or need not be. */
export function silenceWords({ sign }: KnownRun): string | null {
  const silent = sign && silentFor(sign);
  return silent === null ? null : vscode.l10n.t('no sign of life for {0}', durationText(silent));
}

/** `5 min 10 s left`, by its last sign or else by its last steps; null: not known. */
export function leftWords({ record, lines, sign }: KnownRun): string | null {
  const left = (sign && secondsLeftBy(sign)) ?? secondsLeft(record, lines);
  return left === null ? null : vscode.l10n.t('{0} left', durationText(left));
}

function phaseWords(phase: Phase): string {
  const words: Record<Phase, string> = {
    generate: vscode.l10n.t('writing responses'),
    score: vscode.l10n.t('scoring'),
    update: vscode.l10n.t('updating'),
    evaluate: vscode.l10n.t('answering held-out rows'),
    checkpoint: vscode.l10n.t('writing a checkpoint'),
  };
  return words[phase];
}

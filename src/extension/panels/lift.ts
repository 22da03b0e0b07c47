// The lift of a response: asked of the model by `merf lift`, in a process of its own, as a model does not belong into the
// extension host. The words say of which model it is, or why there is none.

import * as vscode from 'vscode';
import { z } from 'zod';
import { rootOfRun } from '../../run/location.ts';
import type { RolloutSet } from '../../run/view.ts';
import { type MerfCommand, run } from '../merf_command.ts';

const Answer = z.object({ motivation: z.string(), checkpoint: z.number().nullable(), lift: z.array(z.number()) });

export async function liftOf(
  command: MerfCommand,
  folder: string,
  set: RolloutSet,
  index: number,
): Promise<{ lift: number[] | null; words: string }> {
  const args = ['lift', folder, '--step', String(set.step), '--sample', String(index)];
  if (set.kind !== 'train') args.push('--held-out', set.kind);
  try {
    const { motivation, checkpoint, lift } = Answer.parse(JSON.parse(await run(command, args, rootOfRun(folder))));
    const words =
      checkpoint === null
        ? vscode.l10n.t('motivation {0}, by the model as it began', motivation)
        : vscode.l10n.t('motivation {0}, by the checkpoint of step {1}', motivation, checkpoint);
    return { lift, words };
  } catch (error) {
    const words = error instanceof Error ? error.message.replace(/^merf: /, '') : String(error);
    return { lift: null, words: vscode.l10n.t('The lift could not be computed: {0}', words) };
  }
}

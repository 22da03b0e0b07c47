// What a run will take, as `merf plan` says before it is begun: shown beside the choices of the Train command. The plan
// takes a second or two, so choices are shown at once and get their estimate when it is there; nobody waits for it.

import * as vscode from 'vscode';
import { z } from 'zod';
import { showBytes } from '../../spec/memory_estimate.ts';
import { run } from '../merf_command.ts';
import { merfCommand, rootOf, type Studio } from '../studio.ts';

/** Milliseconds for which an estimate stands in the status bar. */
const SHOWN = 30_000;

const Plan = z.object({
  devices: z.array(z.object({ trains: z.boolean(), bytes: z.number().nullable() })),
  arms: z.array(
    z.object({
      arm: z.string(),
      fits: z.boolean(),
      memory: z.object({ peak: z.number() }),
      tokens: z.object({ run: z.number() }),
      seconds: z.object({ run: z.number() }),
    }),
  ),
});

/** A sentence for each arm of a file, by name; empty where nothing can be said, such as of a model that is not here. */
export type Estimates = Promise<ReadonlyMap<string, string>>;

export async function estimatesOf(
  studio: Pick<Studio, 'context' | 'log'>,
  file: string,
  { arm, model }: { arm?: string; model?: string | null } = {},
): Estimates {
  try {
    const args = ['plan', file, '--format', 'json'];
    if (arm !== undefined) args.push('--arm', arm);
    if (model) args.push('--model', model);
    const { devices, arms } = Plan.parse(
      JSON.parse(await run(merfCommand(studio), args, rootOf(file), { accepts: [0, 1] })),
    );
    const here = devices.find(({ trains }) => trains)?.bytes ?? 0;
    const words = (arm: (typeof arms)[number]): string => {
      const [needed, there] = [showBytes(arm.memory.peak), showBytes(here)];
      if (!arm.fits) return vscode.l10n.t('does not fit: needs {0} of memory, {1} are here', needed, there);
      const minutes = Math.max(1, Math.round(arm.seconds.run / 60));
      const time = minutes < 90 ? vscode.l10n.t('{0} min', minutes) : vscode.l10n.t('{0} h', (minutes / 60).toFixed(1));
      const tokens = (arm.tokens.run / 1e6).toFixed(1);
      return vscode.l10n.t('{0} of memory, at most {1} and {2} million tokens', needed, time, tokens);
    };
    return new Map(arms.map((arm) => [arm.arm, words(arm)]));
  } catch (error) {
    studio.log.info(`merf plan ${file}: ${error instanceof Error ? error.message : String(error)}`);
    return new Map();
  }
}

/** Says what a run will take whose arm was named, as by a code lens, so that nobody was asked anything. */
export async function tellEstimate(studio: Studio, file: string, arm: string, model: string | null): Promise<void> {
  const words = (await estimatesOf(studio, file, { arm, model })).get(arm);
  if (words !== undefined) vscode.window.setStatusBarMessage(`MeRF: ${arm}: ${words}`, SHOWN);
}

export interface Option extends vscode.QuickPickItem {
  id: string;
}

/** Asks for one of the options, whose descriptions come later. Undefined: the person gave up. */
export function pick(
  options: readonly Option[],
  placeholder: string,
  later: Promise<(option: Option) => string | undefined>,
): Promise<string | undefined> {
  const list = vscode.window.createQuickPick<Option>();
  list.placeholder = placeholder;
  list.items = options;
  list.busy = true;
  let isOpen = true;
  void later.then((describe) => {
    if (!isOpen) return;
    const active = list.activeItems[0]?.id;
    list.items = options.map((option) => {
      const description = describe(option) ?? option.description;
      return description === undefined ? option : { ...option, description };
    });
    list.activeItems = list.items.filter(({ id }) => id === active);
    list.busy = false;
  });
  return new Promise((resolve) => {
    list.onDidAccept(() => {
      resolve(list.activeItems[0]?.id);
      list.hide();
    });
    list.onDidHide(() => {
      isOpen = false;
      resolve(undefined);
      list.dispose();
    });
    list.show();
  });
}

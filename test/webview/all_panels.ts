// Each panel open in the browser with the same two runs, for tests that look at all of them.

import { join } from 'node:path';
import { readRun } from '../../src/run/read.ts';
import type { RolloutSet } from '../../src/run/view.ts';
import type { Language } from '../../src/webview/messages.ts';
import type { PanelBrowser } from './browser.ts';
import { openCompare } from './compare_host.ts';
import { previewAnswer } from './preview_answers.ts';
import { openRollouts } from './rollouts_host.ts';
import { sampleRun, writeRun } from './sample_run.ts';

const SETS: RolloutSet[] = [
  ...[1, 20, 40].map((step) => ({ kind: 'train' as const, step })),
  { kind: 'none', step: 40 },
];

/** Writes one run of each arm under a root; their folders. */
export function writeTwoRuns(root: string): string[] {
  return ['rlvr', 'merf'].map((arm) => {
    const folder = join(root, '.merf', 'runs', `${arm}-1`);
    writeRun(sampleRun(folder, arm, 1), SETS);
    return folder;
  });
}

/** How each panel is opened; it is drawn when the promise settles. */
export function panelsOf(browser: () => PanelBrowser, folders: () => readonly string[], language: Language = 'en') {
  return {
    async curves() {
      const panel = await browser().open('curves');
      await panel.post({ kind: 'runs', language, experiment: 'knights', runs: folders().map(readRun) });
      await panel.page.waitForSelector('.chart canvas');
      return panel;
    },
    async rollouts() {
      const panel = await openRollouts(browser(), folders()[1] ?? '', { language });
      await panel.page.waitForSelector('.sample');
      return panel;
    },
    async compare() {
      const panel = await openCompare(browser(), folders(), { language });
      await panel.page.waitForSelector('.answer-card');
      return panel;
    },
    async preview() {
      const panel = await browser().open('preview');
      await panel.post(previewAnswer({ arm: 'merf', other: 'rlvr' }, language));
      await panel.page.waitForSelector('.message');
      return panel;
    },
  };
}

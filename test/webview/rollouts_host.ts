// The rollouts panel in the browser with its real other side: the extension's feed over a run's folder on disk.

import { RolloutsFeed } from '../../src/extension/panels/rollouts_feed.ts';
import { readRecord, rolloutSets } from '../../src/run/read.ts';
import { FromRollouts, type RolloutsState, type ToRollouts } from '../../src/webview/messages.ts';
import type { PanelBrowser, PanelPage } from './browser.ts';

export interface RolloutsPage extends PanelPage {
  feed: RolloutsFeed;
  /** What the panel has asked for. */
  asked: FromRollouts[];
  sendRun(more?: Partial<Extract<ToRollouts, { kind: 'run' }>>): Promise<void>;
}

export async function openRollouts(
  browser: PanelBrowser,
  folder: string,
  { language = 'en', ...options }: Parameters<PanelBrowser['open']>[1] & { language?: 'en' | 'ja' } = {},
): Promise<RolloutsPage> {
  const panel = await browser.open('rollouts', options);
  const asked: FromRollouts[] = [];
  const sending: Promise<void>[] = [];
  const feed = new RolloutsFeed(folder, (message) => sending.push(panel.post(message).catch(() => {})));
  panel.page.once('close', () => feed.dispose());
  await panel.hear(async (data) => {
    const message = FromRollouts.parse(data);
    asked.push(message);
    if (message.kind === 'list') return feed.list(message);
    else if (message.kind === 'items') feed.items(message);
    else if (message.kind === 'sample') return feed.sample(message);
    else if (message.kind === 'note') feed.note(message);
    else if (message.kind === 'star') feed.star(message);
  });
  const record = readRecord(folder);
  const sendRun: RolloutsPage['sendRun'] = (more = {}) =>
    panel.post({
      kind: 'run',
      language,
      folder,
      record,
      siblings: [
        { folder, label: 'merf · seed 1' },
        { folder: '/another', label: 'rlvr · seed 1' },
      ],
      sets: rolloutSets(folder),
      metrics: feed.metricNames(),
      selected: null,
      ...more,
    });
  await sendRun();
  return { ...panel, feed, asked, sendRun };
}

/** What the panel would find again after a reload. */
export async function keptState(panel: PanelPage): Promise<RolloutsState> {
  const { RolloutsState } = await import('../../src/webview/messages.ts');
  return RolloutsState.parse(await panel.page.evaluate('keptByPanel'));
}

// The extension's side of the panels in a process of its own, as the benchmark of the studio starts it: the feeds alone,
// without the workbench around them. It answers what a panel says, and tells how much memory it took at the most and for
// how long nobody else had a turn in it.
//   a message from the parent: { panel: 'rollouts' | 'curves', message }, or 'figures'

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { z } from 'zod';
import { CurvesFeed } from '../src/extension/panels/curves_feed.ts';
import { RolloutsFeed } from '../src/extension/panels/rollouts_feed.ts';
import { readRecord, rolloutSets } from '../src/run/read.ts';
import { FromCurves, FromRollouts } from '../src/webview/messages.ts';

const Asked = z.union([
  z.literal('figures'),
  z.literal('settled'),
  z.object({ panel: z.literal('rollouts'), message: FromRollouts }),
  z.object({ panel: z.literal('curves'), message: FromCurves }),
]);

const [, , folder = ''] = process.argv;
const blocked = monitorEventLoopDelay({ resolution: 1 });
let rollouts: RolloutsFeed | null = null;
let curves: CurvesFeed | null = null;
const say = (message: unknown) => process.send?.(message);

process.on('message', (data) => {
  const asked = Asked.parse(data);
  if (asked === 'figures') {
    const host_mb = process.resourceUsage().maxRSS / 1000;
    say({ figures: { host_mb, blocked_ms: blocked.max / 1e6 } });
    blocked.reset();
  } else if (asked === 'settled') void rollouts?.settled().then(() => say({ settled: true }));
  else if (asked.panel === 'rollouts') void answerRollouts(asked.message);
  else void answerCurves(asked.message);
});

async function answerRollouts(message: FromRollouts): Promise<void> {
  rollouts ??= new RolloutsFeed(folder, (answer) => say({ panel: 'rollouts', message: answer }));
  const feed = rollouts;
  if (message.kind === 'ready') {
    const run = {
      folder,
      record: readRecord(folder),
      siblings: [{ folder, label: 'merf' }],
      sets: rolloutSets(folder),
    };
    const shown = { kind: 'run', language: 'en', ...run, metrics: feed.metricNames(), selected: null };
    say({ panel: 'rollouts', message: shown });
  } else if (message.kind === 'list') await feed.list(message);
  else if (message.kind === 'items') feed.items(message);
  else if (message.kind === 'sample') await feed.sample(message);
}

async function answerCurves(message: FromCurves): Promise<void> {
  const nothing = { dispose: () => {} };
  const source = {
    language: 'en' as const,
    folders: () => [folder],
    onDidGrow: () => nothing,
    onDidChange: () => nothing,
  };
  curves ??= new CurvesFeed(source, (answer) => say({ panel: 'curves', message: answer }));
  if (message.kind === 'ready') await curves.sendAll();
  else if (message.kind === 'series') await curves.series(message);
}

blocked.enable();
say({ ready: true });

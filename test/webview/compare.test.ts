// The compare panel in a real browser, under the extension's content security policy.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleOf } from '../../src/run/view.ts';
import { FromCompare, type ToCompare } from '../../src/webview/messages_compare.ts';
import { chromiumPath, type PanelBrowser, sentBy, startBrowser } from './browser.ts';
import { openCompare } from './compare_host.ts';
import { HOSTILE, sampleRollouts, sampleRun, writeRollouts, writeRun } from './sample_run.ts';

const runs = [
  ...[1, 2, 3].map((seed) => sampleRun(`/r${seed}`, 'rlvr', seed)),
  ...[1, 2, 3].map((seed) => sampleRun(`/m${seed}`, 'merf', seed)),
];
const sets = runs.map(() =>
  [1, 20, 40].flatMap((step) => [{ kind: 'train', step } as const, { kind: 'none', step } as const]),
);
const message = (language: 'en' | 'ja' = 'en'): ToCompare => ({ kind: 'runs', language, runs, sets });

const answers = (index: number, step = 40): ToCompare => ({
  kind: 'rollouts',
  set: { kind: 'train', step },
  rows: [10, 11].map((row) => ({ split: 'test', index: row })),
  row: { split: 'test', index },
  columns: ['/r1', '/m1'].map((folder) => ({
    folder,
    set: { kind: 'train', step: folder === '/m1' ? step - 1 : step },
    samples: sampleRollouts(step)
      .filter((line) => line.row_index === index)
      .map((line, place) => {
        const sample = sampleOf(line, place, false);
        return folder === '/m1'
          ? { ...sample, prompt: sample.prompt.replace('Think first.', 'Think hard. Be right.') }
          : sample;
      }),
  })),
});

describe('the compare panel in a browser', () => {
  let browser: PanelBrowser;

  before(async function () {
    if (!chromiumPath) return this.skip();
    browser = await startBrowser();
  });
  afterEach(() => browser?.closePanels());
  after(() => browser?.close());

  for (const [name, options] of [
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['Japanese', { colorScheme: 'light' }],
    ['high contrast', { colorScheme: 'dark', bodyClass: 'vscode-high-contrast' }],
  ] as const) {
    it(`shows metrics, settings, prompts and answers of both sides: ${name}`, async () => {
      const panel = await browser.open('compare', options);
      await panel.post(message(name === 'Japanese' ? 'ja' : 'en'));
      await panel.page.waitForSelector('table.metrics');
      const [asked] = (await sentBy(panel, FromCompare)).filter((one) => one.kind === 'load');
      assert.deepEqual(asked, { kind: 'load', folders: ['/r1', '/m1'], set: { kind: 'train', step: 40 }, row: null });
      await panel.post(answers(10));
      await panel.page.waitForSelector('.answer-card');
      assert.equal(await panel.page.locator('.answer-card').count(), 8);
      assert.equal(await panel.page.locator('.settings tbody tr').count(), 1);
      assert.match(await panel.page.locator('.settings tbody tr').innerText(), /motivation\s+(none)\s+full/);
      assert.equal(await panel.page.locator('pre.prompt ins').first().innerText(), 'hard. Be right');
      assert.ok((await panel.page.locator('.forest').count()) >= 8);
      const wide = await panel.page.evaluate('document.documentElement.scrollWidth - innerWidth');
      assert.ok(Number(wide) <= 0, `${wide} pixels too wide`);
      await panel.shot(`compare-${name}`);
      assert.deepEqual(panel.complaints, []);
    });
  }

  it('shows what models wrote as text', async () => {
    const panel = await browser.open('compare');
    await panel.post(message());
    await panel.post(answers(10));
    await panel.page.getByText(HOSTILE).first().waitFor();
    assert.equal(await panel.page.locator('.answer-card img, .answer-card b b').count(), 0);
    assert.equal(await panel.page.evaluate('globalThis.harmed'), undefined);
  });

  it('goes from row to row and step to step for all sides together, by the keyboard too', async () => {
    const panel = await browser.open('compare');
    await panel.post(message());
    await panel.post(answers(10));
    await panel.page.getByText('held-out row 10 (1 of 2 in common)').waitFor();
    await panel.page.getByRole('button', { name: 'Next row' }).focus();
    await panel.page.keyboard.press('Enter');
    await panel.post(answers(11));
    await panel.page.getByText('puzzle 1').first().waitFor();
    await panel.post({ kind: 'step', step: 19 });
    const loads = (await sentBy(panel, FromCompare)).filter((one) => one.kind === 'load');
    assert.deepEqual(loads.slice(1), [
      { kind: 'load', folders: ['/r1', '/m1'], set: { kind: 'train', step: 40 }, row: { split: 'test', index: 11 } },
      { kind: 'load', folders: ['/r1', '/m1'], set: { kind: 'train', step: 20 }, row: { split: 'test', index: 11 } },
    ]);
  });

  it('shows the equal settings on request, keeps that, and gives a link of it', async () => {
    const panel = await browser.open('compare');
    await panel.post(message());
    await panel.page.getByLabel('Also those that are the same').check();
    assert.ok((await panel.page.locator('.settings tbody tr').count()) > 15);
    await panel.post(answers(11));
    await panel.page.waitForSelector('.answer-card');
    await panel.page.getByRole('button', { name: 'Copy link' }).click();
    const given = (await sentBy(panel, FromCompare)).find((one) => one.kind === 'copyLink');
    const state = given?.kind === 'copyLink' ? given.state : null;
    assert.deepEqual([state?.all, state?.row, state?.folders.length], [true, { split: 'test', index: 11 }, 6]);
  });

  it('says when the runs answered no row in common', async () => {
    const panel = await browser.open('compare');
    await panel.post(message());
    const empty = answers(10);
    assert.ok(empty.kind === 'rollouts');
    await panel.post({ ...empty, rows: [], row: null });
    await panel.page.getByText('These rollouts have no row in common').waitFor();
  });

  for (const [where, differs, shown] of [
    ['on what was trained, where the arms read differently', true, 'train'],
    ['on held-out rows, where every prompt is the same', false, 'none'],
  ] as const) {
    it(`opens ${where}`, async () => {
      const root = mkdtempSync(join(tmpdir(), 'merf-compare-'));
      try {
        const folders = ['rlvr', 'merf'].map((arm) => join(root, '.merf', 'runs', `${arm}-1`));
        for (const [at, folder] of folders.entries()) {
          writeRun(sampleRun(folder, ['rlvr', 'merf'][at] ?? '', 1), [{ kind: 'none', step: 40 }]);
          const motivated = at === 1 && differs;
          const lines = sampleRollouts(20).map((line) => ({
            ...line,
            prompt: motivated ? `${line.prompt} Be right.` : line.prompt,
          }));
          writeRollouts(folder, { kind: 'train', step: 20 }, lines);
        }
        const panel = await openCompare(browser, folders);
        await panel.page.locator('.answer-card').nth(7).waitFor();
        assert.equal(await panel.page.locator('.beside select').first().inputValue(), shown);
        assert.equal((await panel.page.locator('pre.prompt ins').count()) > 0, differs);
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    });
  }

  it('follows runs that go on: state, metrics, settings and steps, and keeps the focus', async () => {
    const root = mkdtempSync(join(tmpdir(), 'merf-compare-'));
    try {
      const folders = ['rlvr', 'merf'].map((arm) => join(root, '.merf', 'runs', `${arm}-1`));
      const runAt = (at: number, done: number) => {
        const view = sampleRun(folders[at] ?? '', ['rlvr', 'merf'][at] ?? '', 1, done);
        const status = done < 40 ? ('running' as const) : ('finished' as const);
        return { ...view, record: { ...view.record, status, pid: process.pid } };
      };
      writeRun(
        runAt(0, 20),
        [1, 20].map((step) => ({ kind: 'train', step })),
      );
      writeRun(runAt(1, 12), [{ kind: 'train', step: 1 }]);
      const panel = await openCompare(browser, folders);
      await panel.page.getByText('up to step 12').waitFor();
      await panel.page.getByText('running', { exact: true }).first().waitFor();
      await panel.page.locator('.answer-card').nth(7).waitFor();
      assert.equal(await panel.page.locator('.column header .quiet').innerText(), 'Step 1');
      const before = await panel.page.locator('table.metrics tbody tr').first().innerText();
      await panel.page.getByRole('button', { name: 'Previous', exact: true }).focus();

      writeRun(runAt(1, 40), []);
      writeRollouts(folders[1] ?? '', { kind: 'train', step: 20 }, sampleRollouts(20));
      panel.look();
      await panel.page.getByText('up to step 20').waitFor();
      await panel.page.locator('.column header .quiet').waitFor({ state: 'detached' });
      assert.match(
        await panel.page.locator('.run-states li').nth(1).innerText(),
        /merf · seed 1\s*finished\s*40 \/ 40/,
      );
      assert.notEqual(await panel.page.locator('table.metrics tbody tr').first().innerText(), before);
      assert.equal(await panel.page.evaluate('document.activeElement.getAttribute("aria-label")'), 'Previous');
      await panel.page.keyboard.press('Enter');
      await panel.page.getByText('Step 1 of 20').waitFor();
      const steps = panel.asked.filter(({ kind }) => kind === 'step');
      assert.deepEqual(steps, [{ kind: 'step', at: { folder: folders[0], step: 1 } }]);
      assert.deepEqual(panel.complaints, []);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

// Ticking responses in the list, by keys and by the mouse, and what can be done with those that are ticked.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Notes } from '../../src/run/notes.ts';
import type { RolloutSet } from '../../src/run/view.ts';
import { chromiumPath, type PanelBrowser, startBrowser } from './browser.ts';
import { keptState, openRollouts, type RolloutsPage } from './rollouts_host.ts';
import { sampleRollouts, sampleRun, writeRollouts, writeRun } from './sample_run.ts';

const train = (step: number): RolloutSet => ({ kind: 'train', step });

describe('ticked responses in a browser', () => {
  let browser: PanelBrowser;
  let root: string;
  let folder: string;

  before(async function () {
    if (!chromiumPath) return this.skip();
    browser = await startBrowser();
  });
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'merf-ticks-'));
    folder = join(root, '.merf', 'runs', 'merf-1');
    writeRun(sampleRun(folder, 'merf', 1), [train(1), train(40)]);
  });
  afterEach(async () => {
    await browser?.closePanels();
    rmSync(root, { recursive: true, force: true });
  });
  after(() => browser?.close());

  const opened = async (options: Parameters<typeof openRollouts>[2] = {}) => {
    const panel = await openRollouts(browser, folder, options);
    panel.page.setDefaultTimeout(8000);
    await panel.page.waitForSelector('.sample');
    return panel;
  };
  const ticked = (panel: RolloutsPage) =>
    panel.page.evaluate("[...document.querySelectorAll('.line[aria-checked=true]')].map((line) => line.id)");
  const places = (...indices: number[]) => indices.map((index) => ({ set: train(40), index }));

  it('ticks by keys: Space, Shift with arrows, Escape takes them away', async () => {
    const panel = await opened();
    await panel.page.getByRole('listbox', { name: 'Rollouts' }).focus();
    await panel.page.keyboard.press(' ');
    await panel.page.getByText('1 ticked').waitFor();
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('Shift+ArrowDown');
    await panel.page.getByText('3 ticked').waitFor();
    assert.deepEqual(await ticked(panel), ['line-1', 'line-2', 'line-3']);
    assert.equal(await panel.page.getByRole('button', { name: 'Compare' }).isDisabled(), true);
    await panel.page.keyboard.press(' ');
    await panel.page.getByText('2 ticked').waitFor();
    await panel.page.keyboard.press('Escape');
    await panel.page.getByText('2 ticked').waitFor({ state: 'detached' });
    assert.deepEqual(await ticked(panel), []);
  });

  it('ticks by the mouse: the box, and with Shift a range past the headings', async () => {
    const panel = await opened();
    const box = (place: number) => panel.page.locator('.line.row .tick').nth(place);
    await box(1).click();
    assert.equal(await panel.page.locator('.line[aria-selected="true"]').getAttribute('id'), 'line-1');
    await panel.page
      .locator('.line.row')
      .nth(5)
      .click({ modifiers: ['Shift'] });
    await panel.page.getByText('5 ticked').waitFor();
    assert.deepEqual(await ticked(panel), ['line-2', 'line-3', 'line-4', 'line-6', 'line-7']);
    await panel.shot('rollouts-ticked');
    await panel.page.getByRole('button', { name: 'Untick' }).click();
    assert.deepEqual(await ticked(panel), []);
    assert.deepEqual(panel.complaints, []);
  });

  it('ticks a range whose lines are not there yet', async () => {
    const many = Array.from({ length: 60 }, (_, i) =>
      sampleRollouts(40).map((line) => ({ ...line, prompt_index: 2 * i + line.prompt_index })),
    ).flat();
    writeRollouts(folder, train(40), many);
    const panel = await opened();
    const list = panel.page.getByRole('listbox', { name: 'Rollouts' });
    await panel.page.locator('.line.row .tick').first().click();
    await list.evaluate((element) => {
      element.scrollTop = element.scrollHeight;
    });
    await panel.page.locator('#line-599.row').click({ modifiers: ['Shift'] });
    await panel.page.getByText('480 ticked').waitFor();
  });

  it('exports, stars and compares what is ticked, and keeps notes', async () => {
    new Notes(folder).put({ set: train(40), prompt_index: 0, sample: 0, starred: false, note: 'guesses', time: 1 });
    const panel = await opened();
    await panel.page.locator('.line.row .tick').nth(0).click();
    await panel.page.locator('.line.row .tick').nth(1).click();
    await panel.page.getByRole('button', { name: 'JSONL', exact: true }).last().click();
    const asked = panel.asked.find((message) => message.kind === 'export');
    assert.deepEqual(asked?.kind === 'export' && [asked.format, asked.chosen], ['jsonl', places(0, 1)]);
    const file = join(root, 'ticked.jsonl');
    assert.ok(asked?.kind === 'export');
    assert.equal(panel.feed.export(asked, file), 2);
    assert.equal(readFileSync(file, 'utf8').trim().split('\n').length, 2);

    const bar = panel.page.getByRole('group', { name: 'What to do with the ticked responses' });
    await bar.getByRole('button', { name: 'Star' }).click();
    await bar.getByRole('button', { name: 'Remove star' }).waitFor();
    const first = new Notes(folder).of({ set: train(40), prompt_index: 0, sample: 0 });
    assert.deepEqual([first?.starred, first?.note], [true, 'guesses']);
    assert.equal(new Notes(folder).of({ set: train(40), prompt_index: 0, sample: 1 })?.starred, true);

    await bar.getByRole('button', { name: 'Compare' }).click();
    await panel.page.locator('.side del').first().waitFor();
    assert.deepEqual(await panel.page.locator('.side del').allInnerTexts(), ['lies', 'knave']);
    assert.deepEqual(await panel.page.locator('.side ins').allInnerTexts(), ['is honest', 'knight']);
    assert.match(await panel.page.locator('.side h4').first().innerText(), /Step 40 · Response 1/);
  });

  it('keeps ticks across filters and steps, compares between steps, and finds them again after a reload', async () => {
    const panel = await opened();
    await panel.page.locator('.line.row .tick').nth(1).click();
    await panel.page.getByRole('button', { name: 'Previous', exact: true }).click();
    await panel.page.getByRole('heading', { name: 'Step 1 ·' }).waitFor();
    await panel.page.locator('.line.row .tick').nth(3).click();
    await panel.page.getByText('2 ticked').waitFor();
    await panel.page.getByRole('listbox', { name: 'Rollouts' }).focus();
    await panel.page.keyboard.press('c');
    await panel.page.locator('.side h4', { hasText: 'Step 40' }).waitFor();
    await panel.page.locator('.side h4', { hasText: 'Step 1 ·' }).waitFor();
    await panel.page
      .getByLabel('Beside')
      .locator('option:checked', { hasText: 'Step 40' })
      .waitFor({ state: 'attached' });
    await panel.page.getByRole('button', { name: 'Copy link' }).click();
    const link = panel.asked.find((message) => message.kind === 'copyLink');
    assert.deepEqual(link?.kind === 'copyLink' && link.state, { ...(await keptState(panel)), ticked: [] });
    const again = await opened({ state: await keptState(panel) });
    await again.page.getByText('2 ticked').waitFor();
    assert.deepEqual(await ticked(again), ['line-4']);
  });
});

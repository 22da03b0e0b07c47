// The rollouts panel in a real browser, on the page that the extension makes and under its content security policy,
// answered by the extension's own feed over a run on disk.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Notes } from '../../src/run/notes.ts';
import type { RolloutSet } from '../../src/run/view.ts';
import { chromiumPath, type PanelBrowser, type PanelPage, startBrowser } from './browser.ts';
import { keptState, openRollouts } from './rollouts_host.ts';
import { evidence, HOSTILE, sampleRollouts, sampleRun, writeRollouts, writeRun } from './sample_run.ts';

const train = (step: number): RolloutSet => ({ kind: 'train', step });

describe('the rollouts panel in a browser', () => {
  let browser: PanelBrowser;
  let root: string;
  let folder: string;

  before(async function () {
    if (!chromiumPath) return this.skip();
    browser = await startBrowser();
  });
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'merf-rollouts-'));
    folder = join(root, '.merf', 'runs', 'merf-1');
    writeRun(sampleRun(folder, 'merf', 1), [train(1), train(20), train(40), { kind: 'none', step: 40 }]);
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
  const viewOf = (panel: PanelPage) => panel.page.locator('.sample .toolbar select').first();
  const rows = (panel: PanelPage) => panel.page.locator('.line.row');
  const openAt = async (panel: PanelPage, row: number) => {
    await rows(panel).nth(row).click();
    await panel.page.locator('.line.row[aria-selected="true"]').waitFor();
    await panel.page.waitForFunction(`document.querySelector('.sample h3')?.textContent.endsWith(' ${(row % 4) + 1}')`);
  };
  const highlighted = (panel: PanelPage, name: string) =>
    panel.page.evaluate(`[...(CSS.highlights.get('${name}') ?? [])].map((range) => range.toString())`);

  for (const [name, options] of [
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['Japanese', { colorScheme: 'dark', language: 'ja', viewport: { width: 620, height: 900 } }],
    ['high contrast', { colorScheme: 'dark', bodyClass: 'vscode-high-contrast' }],
  ] as const) {
    it(`lists the last step's responses by prompt and opens the first: ${name}`, async () => {
      const panel = await opened(options);
      assert.equal(await panel.page.locator('.line.group').count(), 2);
      assert.equal(await rows(panel).count(), 8);
      const sample = panel.page.locator('.sample');
      assert.equal(await sample.locator('.reasoning .words').innerText(), 'Zoey lies.');
      assert.equal(await sample.locator('.answer .words').innerText(), 'Zoey is a knave, Oliver is a knight.');
      assert.match(await sample.locator('.rules').innerText(), /\+1\s*Format\s+both tags[\s\S]*\+2\s*Correctness/);
      assert.match(await sample.locator('.answers').innerText(), /Zoey\s+✓\s*knave\s+knave/);
      const wide = await panel.page.evaluate('document.documentElement.scrollWidth - innerWidth');
      assert.ok(Number(wide) <= 0, `${wide} pixels too wide`);
      await panel.shot(`rollouts-${name}`);
      assert.deepEqual(panel.complaints, []);
    });
  }

  it('shows the part of the text that a rule rests on when the rule is focused', async () => {
    const panel = await opened();
    await panel.page.locator('.rule', { hasText: 'Correctness' }).focus();
    assert.deepEqual(await highlighted(panel, 'evidence'), ['Zoey is a knave, Oliver is a knight.']);
    assert.match(await panel.page.locator('.rule', { hasText: 'Correctness' }).innerText(), /answer\s*Zoey is a knave/);
    await panel.page.locator('.rule', { hasText: 'Format' }).hover();
    assert.equal(String(await highlighted(panel, 'evidence')), 'Zoey lies.,Zoey is a knave, Oliver is a knight.');
    await panel.shot('rollouts-evidence');
    await panel.page.keyboard.press('Tab');
    await panel.page.locator('.sample h3').hover();
    assert.deepEqual(await highlighted(panel, 'evidence'), []);
  });

  it('opens a run without evidence, as older ones are', async () => {
    writeRollouts(
      folder,
      train(40),
      sampleRollouts(40).map((line) => ({
        ...line,
        rules: Object.fromEntries(Object.entries(line.rules).map(([rule, { evidence: _, ...rest }]) => [rule, rest])),
      })),
    );
    const panel = await opened();
    await panel.page.locator('.rule').first().focus();
    assert.deepEqual(await highlighted(panel, 'evidence'), []);
    assert.deepEqual(panel.complaints, []);
  });

  it('moves through the list by keys, past the headings, and names the line to a screen reader', async () => {
    const panel = await opened();
    const list = panel.page.getByRole('listbox', { name: 'Rollouts' });
    await list.focus();
    for (let i = 0; i < 4; i++) await panel.page.keyboard.press('ArrowDown');
    const current = panel.page.locator('.line[aria-selected="true"]');
    assert.match(
      (await current.getAttribute('aria-label')) ?? '',
      /^Response 1, right, Reward \+3, advantage 1\.5, \d+ tokens/,
    );
    assert.equal(await list.getAttribute('aria-activedescendant'), await current.getAttribute('id'));
    await panel.page.keyboard.press('End');
    await panel.page.getByRole('heading', { name: 'Step 40 · Prompt 2 · Response 4' }).waitFor();
    await panel.page.keyboard.press('s');
    await panel.page.getByRole('button', { name: 'Star', pressed: true }).waitFor();
    assert.equal(new Notes(folder).of({ set: train(40), prompt_index: 1, sample: 3 })?.starred, true);
  });

  it('filters by an expression with completion, and says what is wrong and what to do', async () => {
    const panel = await opened();
    const box = panel.page.getByRole('combobox', { name: 'Filter' });
    await box.fill('corre');
    await panel.page.locator('.completions li', { hasText: 'correctness' }).waitFor();
    await box.press('ArrowDown');
    await box.press('Enter');
    assert.equal(await box.inputValue(), 'correctness ');
    await box.pressSequentially('< 0 and text contains "HONEST"');
    await panel.page.getByText('2 of 8 responses').waitFor();
    await box.fill('corectness < 0');
    await panel.page.getByText('Nothing is called “corectness”. Did you mean correctness?').waitFor();
    assert.equal(await rows(panel).count(), 2);
    await panel.page.getByLabel('Add a condition…').selectOption('wrong');
    await box.fill('right');
    await box.press('Enter');
    await panel.page.getByText('2 of 8 responses').waitFor();
    await box.fill('reward > 100');
    await panel.page.getByText('No response matches the filter.').waitFor();
    assert.equal((await keptState(panel)).filter, 'reward > 100');
  });

  it('says which rule the responses fail and how, and lists those of the case that is pressed', async () => {
    const panel = await opened();
    const list = panel.page.locator('.case-list');
    assert.match(await list.locator('summary').innerText(), /Rules\s*Format 75\.0%\s*Correctness 25\.0%/);
    const wrong = panel.page.getByRole('button', { name: /^Correctness −2, .*: 6 of 8$/ });
    await wrong.click();
    await panel.page.getByText('6 of 8 responses').waitFor();
    await panel.page.getByRole('button', { name: /^Correctness −2/, pressed: true }).waitFor();
    assert.equal(await panel.page.getByRole('combobox', { name: 'Filter' }).inputValue(), 'case(correctness) == 1');
    await panel.shot('rollouts-cases');
    await panel.page.keyboard.press('Enter');
    await panel.page.getByText('8 responses', { exact: true }).waitFor();
    await list.locator('summary').click();
    await panel.page.locator('.case-list:not([open])').waitFor();
    assert.equal((await keptState(panel)).cases, false);
  });

  it('searches the whole run and marks what it found', async () => {
    const panel = await opened();
    await panel.page.getByLabel('All steps').check();
    await panel.page.getByText('32 responses').waitFor();
    await panel.page.getByLabel('Search the responses').fill('honest');
    await panel.page.getByText('8 of 32 responses').waitFor();
    await panel.page.locator('.reasoning', { hasText: 'Zoey is honest.' }).waitFor();
    assert.deepEqual(await highlighted(panel, 'found'), ['honest']);
    await panel.page.getByLabel('Order').selectOption('shortest');
    await panel.page.locator('.line.row', { hasText: 'Step 1 · Prompt 1' }).first().waitFor();
    await panel.shot('rollouts-search');
  });

  it('holds a response beside another of its group, and beside the best of another step', async () => {
    const panel = await opened();
    const beside = panel.page.getByLabel('Beside');
    await beside.selectOption({ label: 'Response 2 (−1)' });
    await panel.page.locator('.comparison').waitFor();
    assert.deepEqual(await panel.page.locator('.side del').allInnerTexts(), ['is honest', 'knight']);
    assert.deepEqual(await panel.page.locator('.side ins').allInnerTexts(), ['lies', 'knave']);
    await panel.shot('rollouts-beside');
    await beside.selectOption({ label: 'Step 20: best response (+3)' });
    await panel.page.getByText('Both say the same, word for word.').waitFor();
    await beside.selectOption('nothing');
    await panel.page.locator('.trace').waitFor();
  });

  it('goes to another member of the group from the strip', async () => {
    const panel = await opened();
    const members = panel.page.getByRole('group', { name: 'The responses to this prompt' }).getByRole('button');
    assert.equal(await members.count(), 4);
    await members.nth(1).click();
    await panel.page.getByRole('heading', { name: 'Response 2' }).waitFor();
    assert.equal(await members.nth(1).getAttribute('aria-pressed'), 'true');
  });

  it('keeps stars and notes beside the run, and hears of another window’s', async () => {
    const panel = await opened();
    await panel.page.getByRole('textbox', { name: 'Note' }).fill('guesses');
    await panel.page.getByRole('textbox', { name: 'Note' }).blur();
    await panel.page.locator('.line .marks', { hasText: '✎' }).waitFor();
    const other = new Notes(folder);
    assert.equal(other.of({ set: train(40), prompt_index: 0, sample: 0 })?.note, 'guesses');
    other.put({ set: train(40), prompt_index: 0, sample: 1, starred: true, note: '', time: 1 });
    panel.feed.refresh();
    await panel.page.locator('.line .marks', { hasText: '★' }).waitFor();
    await panel.page.getByRole('combobox', { name: 'Filter' }).fill('starred');
    await panel.page.getByText('1 of 8 responses').waitFor();
  });

  it('colours tokens by four measures, and asks the model for the fifth', async () => {
    const panel = await opened();
    const coloured = () =>
      panel.page.evaluate(
        "[...document.querySelectorAll('.token')].filter((one) => getComputedStyle(one).backgroundColor !== 'rgba(0, 0, 0, 0)').length",
      );
    for (const measure of ['log-probability', 'entropy', 'advantage × (1 − p)']) {
      await panel.page.getByLabel('Colour tokens').selectOption(measure);
      await panel.page.waitForSelector('.token');
      assert.ok(Number(await coloured()) > 5, measure);
      assert.equal(await panel.page.locator('.reasoning .words').innerText(), 'Zoey lies.');
    }
    await panel.shot('rollouts-tokens');
    await panel.page.getByLabel('Colour tokens').selectOption('lift of the motivation');
    await panel.page.getByText('Asking the model').waitFor();
    const place = { folder, set: train(40), index: 0 };
    assert.deepEqual(
      panel.asked.filter(({ kind }) => kind === 'lift'),
      [{ kind: 'lift', ...place }],
    );
    const tokens = sampleRollouts(40)[0]?.token_ids.length ?? 0;
    await panel.post({
      kind: 'lift',
      ...place,
      lift: Array.from({ length: tokens }, (_, i) => (i % 3) - 1),
      words: 'by step 20',
    });
    await panel.page.getByText('by step 20').waitFor();
    assert.ok(Number(await coloured()) > 5);
    await panel.shot('rollouts-lift');
    await panel.post({ kind: 'lift', ...place, lift: null, words: 'The lift could not be computed: no model.' });
    await panel.page.getByText('no model').waitFor();
  });

  it('renders Markdown and mathematics, and shows them as written again', async () => {
    const response =
      '<think>Let $x^2 + 1$ be **small**:\n\n$$\\frac{a}{b} = \\sum_{i=1}^n i$$\n\n- one\n- two `code`</think><answer>\\(x = 42\\)</answer>';
    writeRollouts(
      folder,
      train(40),
      sampleRollouts(40).map((line) => ({
        ...line,
        response,
        rules: {
          format: { case: 0, score: 1, weight: 1, evidence: evidence(response, 'think', 'answer') },
          correctness: { case: 0, score: 2, weight: 1, evidence: evidence(response, 'answer') },
        },
      })),
    );
    const panel = await opened();
    await viewOf(panel).selectOption('rendered');
    await panel.page.locator('.formula math').first().waitFor({ state: 'attached' });
    assert.equal(await panel.page.locator('.formula .katex-html').count(), 3);
    assert.equal(await panel.page.locator('.rendered strong').innerText(), 'small');
    assert.equal(await panel.page.locator('.rendered li').count(), 2);
    await panel.page.locator('.rule', { hasText: 'Correctness' }).focus();
    await panel.page.waitForFunction("CSS.highlights.get('evidence')?.size > 0");
    assert.match(String(await highlighted(panel, 'evidence')), /42/);
    await panel.page.locator('.rule', { hasText: 'Format' }).focus();
    const format = await highlighted(panel, 'evidence');
    assert.match(String(format), /^Let .*be ,small,:.*one,two ,code/s);
    await panel.shot('rollouts-rendered-evidence');
    await panel.shot('rollouts-rendered');
    await viewOf(panel).selectOption('as written');
    assert.match(await panel.page.locator('.reasoning .words').innerText(), /\*\*small\*\*/);
    assert.deepEqual(panel.complaints, []);
  });

  it('goes to another step by the slider, and keeps what is typed while a run goes on', async () => {
    const panel = await opened();
    await panel.page.getByRole('button', { name: 'Previous' }).click();
    await panel.page.getByText('Step 20 of 40').waitFor();
    await panel.page.getByRole('heading', { name: 'Step 20' }).waitFor();
    assert.deepEqual(
      panel.asked.filter(({ kind }) => kind === 'step'),
      [{ kind: 'step', folder, step: 20 }],
    );
    const box = panel.page.getByRole('combobox', { name: 'Filter' });
    await box.pressSequentially('rig');
    writeRollouts(folder, train(41), sampleRollouts(41));
    await panel.sendRun();
    await panel.page.keyboard.type('ht');
    assert.equal(await box.inputValue(), 'right');
    await panel.page.getByText('Step 20 of 41').waitFor();
  });

  it('comes back as it was after a reload', async () => {
    const panel = await opened();
    await openAt(panel, 5);
    await viewOf(panel).selectOption('raw');
    const state = await keptState(panel);
    const again = await opened({ state });
    await again.page.getByRole('heading', { name: 'Step 40 · Prompt 2 · Response 2' }).waitFor();
    assert.equal(await again.page.locator('.raw').count(), 1);
  });

  it('shows only the responses in which a case fired when it is asked to', async () => {
    const panel = await opened();
    await panel.sendRun({ selected: train(20), fired: { rule: 'format', case: 1 } });
    await panel.page.getByText('2 of 8 responses').waitFor();
    assert.equal(await panel.page.getByRole('combobox', { name: 'Filter' }).inputValue(), 'case(format) == 1');
  });

  it('says when nothing has been written, and which file cannot be read', async () => {
    const panel = await browser.open('rollouts');
    const { record } = sampleRun('/gone', 'merf', 1);
    await panel.post({
      kind: 'run',
      language: 'en',
      folder: '/gone',
      record,
      siblings: [],
      sets: [],
      metrics: [],
      selected: null,
    });
    await panel.page.getByText('No rollouts have been written yet.').waitFor();
    writeRollouts(folder, train(40), sampleRollouts(40), 'nonsense\n');
    const other = await opened();
    await other.page.getByText('1 line of rollouts/step-000040.jsonl cannot be read and is left out.').waitFor();
  });

  it('asks for an example and an export, and copies', async () => {
    const panel = await opened();
    await openAt(panel, 1);
    await panel.page.getByRole('button', { name: 'Add as example' }).click();
    await panel.page.getByRole('button', { name: 'Parquet' }).click();
    await panel.page.getByRole('button', { name: 'Copy', exact: true }).click();
    const place = { folder, set: train(40), index: 1 };
    const wanted = panel.asked.filter(({ kind }) => ['addExample', 'export', 'copy'].includes(kind));
    assert.deepEqual(wanted, [
      { kind: 'addExample', ...place },
      { kind: 'export', folder, listing: 1, format: 'parquet', chosen: null },
      { kind: 'copy', text: sampleRollouts(40)[1]?.response },
    ]);
  });

  it('shows what a model wrote as text, whatever it wrote', async () => {
    const panel = await opened();
    await openAt(panel, 2);
    assert.equal(await panel.page.locator('.answer .words').innerText(), HOSTILE);
    for (const view of ['rendered', 'raw']) {
      await viewOf(panel).selectOption(view);
      assert.equal(await panel.page.locator('.sample img, .sample .words b, .sample script').count(), 0);
    }
    assert.equal(await panel.page.evaluate('globalThis.harmed'), undefined);
  });
});

// The prompt preview in a real browser, on the page that the extension makes, under its content security policy.

import assert from 'node:assert/strict';
import { z } from 'zod';
import { FromPreview, PreviewState } from '../../src/webview/messages.ts';
import { chromiumPath, type PanelBrowser, type PanelPage, startBrowser } from './browser.ts';
import { previewAnswer as answer, MOTIVATION, previewTrouble as trouble } from './preview_answers.ts';

async function chosen(panel: PanelPage) {
  const sent = z.array(FromPreview).parse(await panel.sent());
  return sent.flatMap((message) => (message.kind === 'choose' ? [message.state] : [])).at(-1);
}

describe('the prompt preview in a browser', () => {
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
    ['narrow and Japanese', { colorScheme: 'light', viewport: { width: 420, height: 800 } }],
    ['high contrast', { colorScheme: 'dark', bodyClass: 'vscode-high-contrast' }],
  ] as const) {
    it(`shows the messages with the motivation marked, and nothing overflows: ${name}`, async () => {
      const panel = await browser.open('preview', options);
      await panel.post(answer({}, name === 'narrow and Japanese' ? 'ja' : 'en'));
      await panel.page.waitForSelector('.message');
      assert.equal(await panel.page.locator('mark.motivation').innerText(), MOTIVATION);
      assert.equal(await panel.page.locator('.message').count(), 2);
      const words = await panel.page.locator('.tokens').innerText();
      assert.match(
        words,
        name === 'narrow and Japanese' ? /168 トークン.*48/ : /168 tokens, 48 of them the motivation/,
      );
      const wide = await panel.page.evaluate('document.documentElement.scrollWidth - innerWidth');
      assert.ok(Number(wide) <= 0, `${wide} pixels too wide`);
      await panel.shot(`preview-${name}`);
      assert.deepEqual(panel.complaints, []);
    });
  }

  it('asks for another arm, another row, another split', async () => {
    const panel = await browser.open('preview');
    await panel.post(answer());
    await panel.page.getByLabel('Arm', { exact: true }).selectOption('rlvr');
    assert.deepEqual((await chosen(panel))?.arm, 'rlvr');
    await panel.page.getByRole('button', { name: 'Next' }).click();
    assert.deepEqual((await chosen(panel))?.row, 5);
    await panel.page.getByLabel('Row', { exact: true }).fill('1000');
    await panel.page.keyboard.press('Enter');
    assert.deepEqual((await chosen(panel))?.row, 99);
    await panel.page.getByRole('button', { name: 'Random row' }).click();
    const row = (await chosen(panel))?.row ?? -1;
    assert.ok(row >= 0 && row < 100);
    await panel.page.getByLabel('Rows', { exact: true }).selectOption('test');
    assert.deepEqual([(await chosen(panel))?.split, (await chosen(panel))?.row], ['test', 0]);
  });

  it('goes through the rows by the keyboard, and locks', async () => {
    const panel = await browser.open('preview');
    await panel.post(answer({ arm: 'merf' }));
    await panel.page.waitForSelector('.message');
    await panel.page.keyboard.press('ArrowLeft');
    assert.equal((await chosen(panel))?.row, 3);
    const lock = panel.page.getByRole('button', { name: 'Lock' });
    assert.equal(await lock.getAttribute('aria-pressed'), 'false');
    await panel.page.keyboard.press('l');
    assert.equal((await chosen(panel))?.locked, true);
    await panel.post(answer({ arm: 'merf', locked: true }));
    await panel.page.locator('.lock[aria-pressed="true"]').waitFor();
    const kept = PreviewState.parse(await panel.page.evaluate('keptByPanel'));
    assert.deepEqual([kept.locked, kept.uri], [true, 'file:///a.merf']);
  });

  it('shows what is different from another arm', async () => {
    const panel = await browser.open('preview');
    await panel.post(answer({ arm: 'merf', other: 'rlvr' }));
    await panel.page.waitForSelector('ins');
    assert.equal((await panel.page.locator('ins').allInnerTexts()).join(''), MOTIVATION);
    assert.equal(await panel.page.locator('ins').first().getAttribute('title'), 'only in merf');
    assert.equal(await panel.page.locator('del').count(), 0);
    assert.match(await panel.page.locator('.tokens').innerText(), /168 tokens, 48 more than rlvr/);
    await panel.page.getByText('Both arms read the same here.').waitFor();
    await panel.shot('preview-compared');
    assert.deepEqual(panel.complaints, []);
  });

  it('says what is wrong above the last prompt, and leads to it', async () => {
    const panel = await browser.open('preview');
    await panel.post(answer());
    await panel.page.waitForSelector('.message');
    await panel.post(trouble);
    await panel.page.getByText('Did you mean `roles`?').waitFor();
    assert.equal(await panel.page.locator('.chat.outdated .message').count(), 2);
    await panel.page.getByRole('button', { name: 'Show in the editor' }).click();
    const sent = z.array(FromPreview).parse(await panel.sent());
    assert.deepEqual(sent.at(-1), { kind: 'reveal', line: 29 });
    await panel.shot('preview-trouble');
    await panel.post(answer());
    await panel.page.getByText('Did you mean `roles`?').waitFor({ state: 'detached' });
    assert.equal(await panel.page.locator('.chat.outdated').count(), 0);
  });

  it('keeps a field that is typed in while prompts come', async () => {
    const panel = await browser.open('preview');
    await panel.post(answer());
    const row = panel.page.getByLabel('Row', { exact: true });
    await row.fill('7');
    await panel.post(answer({ row: 4 }));
    await panel.page.waitForTimeout(50);
    assert.equal(await row.inputValue(), '7');
  });

  it('says what to do when no file is open', async () => {
    const panel = await browser.open('preview');
    await panel.post({ kind: 'nothing', language: 'en' });
    await panel.page.getByText('No .merf file is open.').waitFor();
    assert.deepEqual(panel.complaints, []);
  });
});

// Completion of paths and models inside quotes, over a folder on disk and a cache of models.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { diskWorld } from '../../src/cli/world.ts';
import { completionsAt } from '../../src/language/editor/completion.ts';
import { openDocument } from '../../src/language/editor/document.ts';
import { cursorIn } from './cursor.ts';

describe('completion of paths', () => {
  const folder = mkdtempSync(join(tmpdir(), 'merf-paths-'));
  const file = join(folder, 'main.merf');
  const cache = process.env.HF_HUB_CACHE;

  before(() => {
    for (const name of ['data', 'node_modules', '.hidden', 'data/old']) mkdirSync(join(folder, name));
    const files = [
      'main.merf',
      'shared.merf',
      'verify.py',
      'score.mjs',
      'rows.jsonl',
      'data/rows.csv',
      'data/more.merf',
    ];
    for (const name of files) writeFileSync(join(folder, name), '');
    const snapshot = join(folder, 'cache/models--Qwen--Qwen2.5-0.5B/snapshots/abc');
    mkdirSync(snapshot, { recursive: true });
    for (const name of ['config.json', 'tokenizer.json', 'model.safetensors']) writeFileSync(join(snapshot, name), '');
    mkdirSync(join(folder, 'cache/models--half--loaded/snapshots/abc'), { recursive: true });
    process.env.HF_HUB_CACHE = join(folder, 'cache');
  });
  after(() => {
    rmSync(folder, { recursive: true });
    if (cache === undefined) delete process.env.HF_HUB_CACHE;
    else process.env.HF_HUB_CACHE = cache;
  });

  function offered(marked: string): string[] {
    const { text, position } = cursorIn(marked);
    const document = openDocument(TextDocument.create(pathToFileURL(file).href, 'merf', 1, text), diskWorld()(file));
    return completionsAt(document, position).map(({ label, textEdit }) => {
      assert.ok(textEdit && 'range' in textEdit, label);
      const after = TextDocument.applyEdits(document.text, [textEdit]);
      return /"([^"\n]*)/.exec(after.slice(document.text.offsetAt(textEdit.range.start) - 1))?.[1] ?? '';
    });
  }

  for (const [marked, expected] of [
    ['import "<|>', ['./main.merf', './shared.merf', './cache/', './data/']],
    ['import "./data/<|>', ['./data/more.merf', './data/old/']],
    ['import "data/mo<|>', ['data/more.merf', 'data/old/']],
    ['verifier run(code) from "<|>"', ['./score.mjs', './verify.py', './cache/', './data/']],
    ['task jsonl("<|>", test: 10%)', ['./rows.jsonl', './cache/', './data/']],
    ['task csv("data/<|>', ['data/rows.csv', 'data/old/']],
    ['train { steps 10\n  model "<|>" }', ['bundled:tiny', 'Qwen/Qwen2.5-0.5B', './cache/', './data/']],
    ['judge nice(x): 0..1 {\n  model "<|>', []],
    ['prompt { user "<|>', []],
    ['import "nowhere/<|>', []],
  ] as const) {
    it(`in ${marked.replace('\n', ' ')}`, () => assert.deepEqual(offered(marked).sort(), [...expected].sort()));
  }

  it('offers nothing behind a closing quote that was just typed', () => {
    const { text, position } = cursorIn('prompt { user "x"<|>');
    const document = openDocument(TextDocument.create(pathToFileURL(file).href, 'merf', 1, text));
    assert.deepEqual(completionsAt(document, position, '"'), []);
    assert.ok(completionsAt(document, position).length > 0);
  });
});

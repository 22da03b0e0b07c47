// The names that package.json and the code share are held against each other, and so are the translations.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import {
  agentTools,
  commands,
  contextKeys,
  languageId,
  modelContexts,
  panels,
  runContexts,
  settings,
  views,
} from '../../src/extension/commands.ts';

const Manifest = z.object({
  activationEvents: z.array(z.string()),
  capabilities: z.object({ untrustedWorkspaces: z.object({ supported: z.literal('limited') }) }),
  contributes: z.object({
    commands: z.array(z.object({ command: z.string() })),
    views: z.record(z.string(), z.array(z.object({ id: z.string(), icon: z.string() }))),
    viewsContainers: z.object({ activitybar: z.array(z.object({ id: z.string(), icon: z.string() })) }),
    menus: z.record(z.string(), z.array(z.object({ command: z.string(), when: z.string().default('') }))),
    configuration: z.object({ properties: z.record(z.string(), z.unknown()) }),
    languages: z.array(z.object({ id: z.string() })),
    languageModelTools: z.array(z.object({ name: z.string(), when: z.literal(`config.${settings.agentTools}`) })),
    walkthroughs: z.array(
      z.object({
        steps: z.array(
          z.object({ media: z.object({ image: z.union([z.string(), z.record(z.string(), z.string())]) }) }),
        ),
      }),
    ),
  }),
});
const text = readFileSync('package.json', 'utf8');
const manifest = Manifest.parse(JSON.parse(text));
const { contributes } = manifest;
const Words = z.record(z.string(), z.string());
const words = (path: string) => Words.parse(JSON.parse(readFileSync(path, 'utf8')));
const sorted = (names: Iterable<string>) => [...names].sort();

describe('the manifest', () => {
  it('contributes exactly the commands that the code handles', () => {
    assert.deepEqual(sorted(contributes.commands.map(({ command }) => command)), sorted(Object.values(commands)));
  });

  it('contributes no command and no view that is not tried in a real window', () => {
    const folder = 'test/studio';
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.test.ts'),
    );
    const tried = files.map((name) => readFileSync(`${folder}/${name}`, 'utf8')).join('\n');
    const names = [...Object.values(commands), ...Object.values(views).map((view) => `${view}.focus`)];
    const untried = names.filter((name) => !tried.includes(`'${name}'`));
    assert.deepEqual(untried, []);
  });

  it('names in menus and conditions only what there is', () => {
    const known = new Set<string>(Object.values(commands));
    const names = new Set<string>([
      ...Object.values(views),
      ...Object.values(contextKeys),
      ...Object.values(runContexts),
      ...Object.values(modelContexts),
      ...Object.values(settings),
      ...Object.values(panels),
    ]);
    for (const [menu, entries] of Object.entries(contributes.menus)) {
      for (const { command, when } of entries) {
        assert.ok(known.has(command), `${menu}: ${command}`);
        for (const name of when.match(/\bmerf\.\w+(\.\w+)*\b/g) ?? []) assert.ok(names.has(name), `${menu}: ${when}`);
      }
    }
  });

  it('has the views, settings, panels and language of the code', () => {
    assert.deepEqual(
      Object.values(contributes.views).flatMap((list) => list.map(({ id }) => id)),
      Object.values(views),
    );
    assert.deepEqual(sorted(Object.keys(contributes.configuration.properties)), sorted(Object.values(settings)));
    assert.ok(contributes.languages.some(({ id }) => id === languageId));
    for (const panel of Object.values(panels)) {
      assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${panel}`), panel);
    }
  });

  it('points at icons that are there', () => {
    const icons = [...contributes.viewsContainers.activitybar, ...Object.values(contributes.views).flat()];
    for (const { icon } of icons) assert.ok(existsSync(icon), icon);
  });

  it('offers the tools of the code, and only while the setting says so', () => {
    assert.deepEqual(sorted(contributes.languageModelTools.map(({ name }) => name)), sorted(Object.values(agentTools)));
  });

  it('walks through five steps with pictures that are there and are packed', () => {
    const packed = readFileSync('.vscodeignore', 'utf8').split('\n');
    for (const { steps } of contributes.walkthroughs) {
      assert.equal(steps.length, 5);
      const pictures = steps.flatMap(({ media: { image } }) =>
        typeof image === 'string' ? [image] : Object.values(image),
      );
      for (const picture of pictures) {
        assert.ok(existsSync(picture), picture);
        assert.ok(packed.includes(`!${picture}`), `.vscodeignore leaves ${picture} out`);
      }
    }
  });

  it('has each of its words in both languages', () => {
    const english = words('package.nls.json');
    const used = [...text.matchAll(/"%([\w.]+)%"/g)].flatMap(([, key]) => key ?? []);
    assert.deepEqual(sorted(new Set(used)), sorted(Object.keys(english)));
    assert.deepEqual(sorted(Object.keys(words('package.nls.ja.json'))), sorted(Object.keys(english)));
  });

  it('says nothing in the editor that has no Japanese', () => {
    const source = readdirSync('src/extension', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(`src/extension/${name}`, 'utf8'));
    const said = source.flatMap((code) =>
      [...code.matchAll(/l10n\.t\(\s*'((?:[^'\\]|\\.)+)'/g)].flatMap(([, key]) => key ?? []),
    );
    const japanese = words('l10n/bundle.l10n.ja.json');
    assert.deepEqual(sorted(new Set(said)), sorted(Object.keys(japanese)));
    for (const [key, value] of Object.entries(japanese)) {
      const holes = (of: string) => sorted(of.match(/\{\d\}/g) ?? []);
      assert.deepEqual(holes(value), holes(key), key);
    }
  });
});

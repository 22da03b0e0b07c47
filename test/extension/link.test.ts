import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fileLinkQuery, linkQuery, readLink } from '../../src/extension/panels/link.ts';
import { CurvesState, PreviewState } from '../../src/webview/messages.ts';

const runs = [
  { folder: '/project/.merf/runs/kk-merf-s1', id: 'kk-merf-s1' },
  { folder: '/project/.merf/runs/kk-rlvr-s1', id: 'kk-rlvr-s1' },
];
const files = [
  { uri: 'file:///project/kk.merf', name: 'kk.merf' },
  { uri: 'file:///project/a%20folder/other.merf', name: 'a folder/other.merf' },
];
const known = { runs, files };
const [merf, rlvr] = runs;
assert.ok(merf && rlvr);

describe('links to panels', () => {
  it('open the state that was copied, here and where the runs lie elsewhere', () => {
    const state = CurvesState.parse({ folder: merf.folder, hidden: [rlvr.folder], zoom: [5, 20], filter: 'a&b=c?#' });
    const query = linkQuery(merf, state, runs);
    assert.match(query, /^run=kk-merf-s1&state=[A-Za-z0-9_-]+$/);
    assert.deepEqual(readLink('/curves', query, known), { panel: 'curves', of: 'run', folder: merf.folder, state });
    const elsewhere = runs.map(({ id }) => ({ id, folder: `/home/other/.merf/runs/${id}` }));
    const found = CurvesState.parse(readLink('/curves', query, { runs: elsewhere, files: [] }).state);
    assert.deepEqual([found.folder, found.hidden], [elsewhere[0]?.folder, [elsewhere[1]?.folder]]);
    assert.doesNotMatch(Buffer.from(query.split('state=')[1] ?? '', 'base64url').toString(), /\/project/);
  });

  it('never name a run by a path', () => {
    const paths = [
      '../../etc',
      '/etc/passwd',
      '..',
      '.',
      'a/b',
      'a\\b',
      '%2e%2e%2fetc',
      '',
      'kk-merf-s1/..',
      'kk-other',
    ];
    for (const run of paths) {
      assert.throws(
        () => readLink('/curves', `run=${encodeURIComponent(run)}`, known),
        /not a link|not in a folder/,
        run,
      );
    }
    assert.throws(() => readLink('/../curves', 'run=kk-merf-s1', known), /not a link/);
  });

  it('put the run of this window in the place of any folder that a state names', () => {
    const forged = Buffer.from(JSON.stringify({ folder: '/etc', step: { folder: 'run:../x', step: 3 } }));
    const link = readLink('/curves', `run=kk-merf-s1&state=${forged.toString('base64url')}`, known);
    assert.deepEqual(link, {
      panel: 'curves',
      of: 'run',
      folder: merf.folder,
      state: { folder: merf.folder, step: { folder: '', step: 3 } },
    });
  });

  it('open a prompt of a file by its name in the window, wherever the folder lies, and of no other file', () => {
    const [, file] = files;
    assert.ok(file);
    const { uri: _, ...choice } = PreviewState.parse({ uri: file.uri, arm: 'merf', other: 'rlvr', row: 7 });
    const query = fileLinkQuery(file, choice);
    assert.doesNotMatch(query + Buffer.from(query.split('state=')[1] ?? '', 'base64url').toString(), /project/);
    const link = readLink('/preview', query, known);
    assert.ok(link.of === 'file');
    assert.equal(link.uri, file.uri);
    assert.deepEqual(PreviewState.parse(link.state), { ...choice, uri: file.uri });
    for (const name of ['/etc/passwd', '../kk.merf', 'file:///project/kk.merf', 'kk', '', 'other.merf'])
      assert.throws(() => readLink('/preview', `file=${encodeURIComponent(name)}`, known), /is not in a folder/, name);
    const forged = Buffer.from(JSON.stringify({ uri: 'file:///etc/passwd' })).toString('base64url');
    const { state } = readLink('/preview', `file=kk.merf&state=${forged}`, known);
    assert.equal(state.uri, 'file:///project/kk.merf');
  });

  it('are refused or opened on a known run, whatever stands in them', () => {
    fc.assert(
      fc.property(fc.string(), fc.oneof(fc.string(), fc.json()), fc.boolean(), (id, text, encoded) => {
        const state = encoded ? Buffer.from(text).toString('base64url') : encodeURIComponent(text);
        for (const run of [id, merf.id]) {
          try {
            const link = readLink('/curves', `run=${encodeURIComponent(run)}&state=${state}`, known);
            assert.ok(link.of === 'run' && runs.some(({ folder }) => folder === link.folder));
            assert.equal(CurvesState.safeParse(link.state).data?.folder ?? merf.folder, link.folder);
          } catch (error) {
            assert.match(String(error), /not a link|not in a folder/);
          }
        }
      }),
    );
    assert.throws(() => readLink('/curves', `run=${merf.id}&state=${'A'.repeat(20_000)}`, known), /not a link/);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { linkQuery, readLink } from '../../src/extension/link.ts';
import { CurvesState } from '../../src/webview/messages.ts';

const known = [
  { folder: '/project/.merf/runs/kk-merf-s1', id: 'kk-merf-s1' },
  { folder: '/project/.merf/runs/kk-rlvr-s1', id: 'kk-rlvr-s1' },
];
const [merf, rlvr] = known;
assert.ok(merf && rlvr);

describe('links to panels', () => {
  it('open the state that was copied, here and where the runs lie elsewhere', () => {
    const state = CurvesState.parse({ folder: merf.folder, hidden: [rlvr.folder], zoom: [5, 20], filter: 'a&b=c?#' });
    const query = linkQuery(merf, state, known);
    assert.match(query, /^run=kk-merf-s1&state=[A-Za-z0-9_-]+$/);
    assert.deepEqual(readLink('/curves', query, known), { panel: 'curves', folder: merf.folder, state });
    const elsewhere = known.map(({ id }) => ({ id, folder: `/home/other/.merf/runs/${id}` }));
    const found = CurvesState.parse(readLink('/curves', query, elsewhere).state);
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
    const { folder, state } = readLink('/curves', `run=kk-merf-s1&state=${forged.toString('base64url')}`, known);
    assert.equal(folder, merf.folder);
    assert.deepEqual(state, { folder: merf.folder, step: { folder: '', step: 3 } });
  });

  it('are refused or opened on a known run, whatever stands in them', () => {
    fc.assert(
      fc.property(fc.string(), fc.oneof(fc.string(), fc.json()), fc.boolean(), (id, text, encoded) => {
        const state = encoded ? Buffer.from(text).toString('base64url') : encodeURIComponent(text);
        for (const run of [id, merf.id]) {
          try {
            const link = readLink('/curves', `run=${encodeURIComponent(run)}&state=${state}`, known);
            assert.ok(known.some(({ folder }) => folder === link.folder));
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

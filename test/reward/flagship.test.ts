import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { checkFile } from '../../src/language/check.ts';
import { renderMotivation } from '../../src/motivation/render.ts';
import { runExamples } from '../../src/reward/examples.ts';
import type { Specification } from '../../src/spec/specification.ts';
import { flagship } from './knights_and_knaves.ts';

const paper = fileURLToPath(new URL('../../examples/knights_and_knaves_paper.merf', import.meta.url));

async function specification(): Promise<Specification> {
  const { specification: spec, diagnostics } = await checkFile(paper);
  assert.ok(spec, JSON.stringify(diagnostics));
  return spec;
}

/** Without where things stand in the file and what is said about them to people. */
function meaning(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, part: unknown) => (key === 'place' || key === 'doc' ? undefined : part)),
  );
}

describe('the flagship file', () => {
  it('means what these tests wrote down by hand', async () => {
    const [read, written] = [await specification(), flagship()];
    assert.deepEqual(meaning(read.captures), meaning(written.captures));
    assert.deepEqual(meaning(read.rules), meaning(written.rules));
    assert.deepEqual(meaning(read.arms), meaning(written.arms));
    for (const arm of ['rlvr', 'merf', 'partial', 'adverse']) {
      assert.equal(renderMotivation(read, arm), renderMotivation(written, arm));
    }
  });

  it('passes its own examples', async () => {
    const results = runExamples(await specification());
    assert.ok(results.length > 0);
    for (const { example, passed, judgements } of results)
      assert.ok(passed, `${example.name}: ${JSON.stringify(judgements)}`);
  });
});

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { checkFile } from '../../src/language/check.ts';
import { renderMotivation } from '../../src/motivation/render.ts';
import { runExamples } from '../../src/reward/examples.ts';
import type { Specification } from '../../src/spec/specification.ts';
import { flagship } from './knights_and_knaves.ts';

const PAPER = 'knights_and_knaves_paper.merf';
const DEMO = 'knights_and_knaves.merf';

async function specification(name: string): Promise<Specification> {
  const file = fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
  const { specification: spec, diagnostics } = await checkFile(file);
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
    const [read, written] = [await specification(PAPER), flagship()];
    assert.deepEqual(meaning(read.captures), meaning(written.captures));
    assert.deepEqual(meaning(read.rules), meaning(written.rules));
    assert.deepEqual(meaning(read.arms), meaning(written.arms));
    for (const arm of ['rlvr', 'merf', 'partial', 'adverse']) {
      assert.equal(renderMotivation(read, arm), renderMotivation(written, arm));
    }
  });

  it('scores by the same rules in the demo as in the paper', async () => {
    const [demo, paper] = [await specification(DEMO), await specification(PAPER)];
    assert.deepEqual(meaning(demo.captures), meaning(paper.captures));
    assert.deepEqual(meaning(demo.rules), meaning(paper.rules));
  });

  it('passes its own examples', async () => {
    for (const name of [PAPER, DEMO]) {
      const results = runExamples(await specification(name));
      assert.ok(results.length > 0);
      for (const { example, passed, judgements } of results) {
        assert.ok(passed, `${name}, ${example.name}: ${JSON.stringify(judgements)}`);
      }
    }
  });
});

// Whoever scores slowly is asked while responses still are being written; what comes of it is the same.

import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { loadSpecification } from '../../src/cli/specification.ts';
import { openModel } from '../../src/model/folder.ts';
import { loadTask } from '../../src/task/registry.ts';
import { Policy, type RolloutProgress } from '../../src/training/policy.ts';
import { stepRollouts } from '../../src/training/step_rollouts.ts';
import { Externals } from '../../src/verify/externals.ts';
import { Scorer } from '../../src/verify/scorer.ts';
import { temporaryFolder } from '../run/runs.ts';
import { endpoint, say } from '../verify/endpoint.ts';
import { letters } from './letters.ts';

describe('a judge that answers only when all responses are written', function () {
  this.timeout(120_000);
  const at = temporaryFolder();
  const judges = endpoint();

  it('has been asked about the first of them long before, and every score is that of its response', async () => {
    const read = await loadSpecification(
      await letters(at(), (text) =>
        text
          .replace('reward {', 'verifier has_e(text): bool from "./verify.mjs" timeout 2s\nreward {')
          .replace('contains(response, "e")', 'has_e(response)'),
      ),
    );
    const judge = judges.judge({
      ...{ name: 'has_e', parameters: ['text'], result: { kind: 'bool' } },
      prompt: [{ kind: 'parameter', name: 'text' }],
      timeoutSeconds: 100,
      concurrency: 64,
    });
    const spec = { ...read, verifiers: [], judges: [judge] };
    const held: (() => void)[] = [];
    const events: string[] = [];
    let isWriting = true;
    judges.answer = ({ body }, response: ServerResponse) => {
      events.push('asked');
      const text = /^<data[^>]*>\n(.*)\n<\/data/s.exec(body.messages.at(-1)?.content ?? '')?.[1] ?? assert.fail();
      const answer = () => say(response, JSON.stringify({ answer: text.includes('e') }));
      if (isWriting) held.push(answer);
      else answer();
    };
    const onProgress = ({ phase, done }: RolloutProgress) => {
      events.push(`${phase} ${done}`);
      if (phase !== 'score' || !isWriting) return;
      isWriting = false;
      for (const answer of held) answer();
    };
    const externals = new Externals(spec, {
      ...{ folder: at(), trusted: true, cacheFolder: null },
      environment: { TEST_JUDGE_KEY: 'key' },
    });
    const scorer = new Scorer(spec, externals);
    const policy = await Policy.open(await openModel(at('model')), spec, { threads: 1 }, scorer);
    const { train: rows } = await loadTask(spec.task, at('letters.merf'));
    const arm = spec.arms.find(({ name }) => name === 'merf') ?? assert.fail();
    const longer = { ...arm, train: { ...arm.train, maxResponse: 200 } };
    const { groups } = await stepRollouts(policy, { spec, arm: longer, seed: 1, step: 1, steps: 10, rows, onProgress });
    await policy.dispose();
    await scorer.end();
    await externals.end();

    const rollouts = groups.flat();
    assert.equal(rollouts.length, 16);
    const first = events.indexOf('asked');
    const last = events.lastIndexOf('generate 16');
    assert.ok(first >= 0 && first < last, events.join(', '));
    assert.ok(events.slice(first, last).filter((event) => event.startsWith('generate')).length > 10, events.join(', '));
    assert.equal(events.at(-1), 'score 16');
    const answers = rollouts.map(({ response }) => response.includes('e'));
    assert.ok(answers.includes(true) && answers.includes(false));
    assert.deepEqual(
      rollouts.map(({ score }) => score.rules.vowel?.score),
      answers.map((has) => (has ? 1 : 0)),
    );
  });
});

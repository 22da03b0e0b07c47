// A plan with LoRA as a real process: it learns, its checkpoints are adapters, a resumed run ends with the numbers of one
// that was never stopped, and the merged model is the trained one.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeBfloat16, toBfloat16 } from '../../src/model/float16.ts';
import { openModel, saveModel } from '../../src/model/folder.ts';
import { readSafetensors } from '../../src/model/safetensors.ts';
import { EMBEDDING } from '../../src/model/weights.ts';
import { requestStop } from '../../src/run/control.ts';
import { readRecord, readRun } from '../../src/run/read.ts';
import { temporaryFolder } from '../run/runs.ts';
import { letters, merf, numbers, start, stepsDone, until } from './letters.ts';

const LORA =
  'kl 0.01  temperature 1.0\n  lora { rank 8 alpha 32 dropout 0.1 modules "q_proj, v_proj, up_proj, down_proj" }';
const PLAN = 'warmup 2  schedule cosine  weight_decay 0.01  max_grad_norm 0.5  micro_batch_tokens 64';

describe('a plan with LoRA', function () {
  this.timeout(120_000);
  const at = temporaryFolder();
  const write = async (more = '', every = 3) => {
    await letters(at(), (text) =>
      text.replace('kl 0  temperature 1.0', `${LORA} ${more}`).replace('every 3 steps', `every ${every} steps`),
    );
    // a frozen embedding as small as a new one would hold every probability near the others
    const model = await openModel(at('model'));
    model.weights.get(EMBEDDING)?.data.forEach((value, i, data) => {
      data[i] = 20 * value;
    });
    saveModel(at('model'), model);
  };
  const train = (...given: string[]) => merf(at(), 'train', 'letters.merf', '--arm', 'merf', ...given);

  it('on a base in bfloat16 is trained as on weights that were rounded before, also when it is resumed', async () => {
    const plan = (more: string) =>
      letters(at(), (text) =>
        text
          .replace('kl 0  temperature 1.0', `kl 0.01  lora { rank 8 ${more} }  responses_at_once 7  alarms off`)
          .replace('every 3 steps', 'every 2 steps'),
      );
    await plan('base bfloat16');
    const half = await train('--out', 'half', '--steps', '2');
    assert.deepEqual([half.code, half.stderr], [0, '']);
    const more = await merf(at(), 'train', '--resume', 'half', '--steps', '4');
    assert.deepEqual([more.code, more.stderr], [0, '']);
    await plan('');
    const wide = await train('--out', 'wide', '--steps', '4');
    assert.deepEqual([wide.code, wide.stderr], [0, '']);
    const model = await openModel(at('model'));
    for (const { shape, data } of model.weights.values()) {
      if (shape.length > 1) decodeBfloat16(toBfloat16(data), data);
    }
    saveModel(at('model'), model);
    const rounded = await train('--out', 'rounded', '--steps', '4');
    assert.deepEqual([rounded.code, rounded.stderr], [0, '']);
    assert.deepEqual(numbers(at('half')), numbers(at('rounded')));
    assert.notDeepEqual(numbers(at('half')), numbers(at('wide')));
    assert.equal(readRecord(at('half')).model.hash, readRecord(at('rounded')).model.hash);
  });

  it('learns; its checkpoints hold adapters in PEFT’s format, no weights', async () => {
    await write('', 20);
    const { code, stderr } = await train('--out', 'run', '--steps', '40');
    assert.deepEqual([code, stderr], [0, '']);
    const { metrics } = readRun(at('run'));
    const mean = (from: number, to: number) =>
      metrics.slice(from, to).reduce((sum, { values }) => sum + (values.reward ?? Number.NaN), 0) / (to - from);
    assert.ok(mean(35, 40) > mean(0, 5) + 0.3, `${mean(0, 5)} -> ${mean(35, 40)}`);
    assert.ok(metrics.some(({ values }) => (values.kl ?? 0) > 0));
    const checkpoint = at('run/checkpoints/step-000040');
    assert.deepEqual(readdirSync(checkpoint).sort(), [
      'adapter_config.json',
      'adapter_model.safetensors',
      'optimizer.safetensors',
      'trainer.json',
    ]);
    const settings = JSON.parse(readFileSync(join(checkpoint, 'adapter_config.json'), 'utf8'));
    assert.deepEqual(
      [settings.r, settings.lora_alpha, settings.lora_dropout, settings.target_modules],
      [8, 32, 0.1, ['q_proj', 'v_proj', 'up_proj', 'down_proj']],
    );
    assert.equal(settings.base_model_name_or_path, at('model'));
    const names = [...readSafetensors(join(checkpoint, 'adapter_model.safetensors')).keys()];
    assert.equal(names.length, 8);
    assert.ok(names.includes('base_model.model.model.layers.0.mlp.up_proj.lora_B.weight'));

    // merged, it answers as the adapters do
    const merged = await merf(at(), 'merge', checkpoint, '--out', 'merged');
    assert.deepEqual([merged.code, merged.stderr], [0, '']);
    const answers = async (model: string) => {
      const given = ['--arm', 'merf', '--rows', '0..5', '--model', model, '--format', 'json'];
      const { stdout } = await merf(at(), 'sample', 'letters.merf', ...given);
      return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).response]));
    };
    assert.deepEqual(await answers('merged'), await answers(checkpoint));
    assert.notDeepEqual(await answers('merged'), await answers('model'));
    const twice = await merf(at(), 'merge', checkpoint, '--out', 'merged');
    assert.match(twice.stderr, /merged is not empty\. Choose another folder/);
    const further = await train('--model', checkpoint, '--out', 'further');
    assert.match(further.stderr, /holds adapters, and the plan trains new ones\. Merge them first: merf merge/);
  });

  it('stopped and resumed, ends with the numbers of a run that never was', async () => {
    await write(PLAN);
    assert.equal((await train('--out', 'whole')).code, 0);
    const child = start(at(), ['train', 'letters.merf', '--arm', 'merf', '--out', 'run']);
    await until(() => stepsDone(at('run')) >= 2);
    requestStop(at('run'));
    await child.ended;
    assert.equal(readRecord(at('run')).status, 'stopped');
    assert.equal((await merf(at(), 'train', '--resume', 'run')).code, 0);
    assert.deepEqual(numbers(at('run')), numbers(at('whole')));
    const weights = (run: string) =>
      readSafetensors(join(at(run), 'checkpoints/step-000012/adapter_model.safetensors'));
    assert.deepEqual(weights('run'), weights('whole'));
    const rates = readRun(at('whole')).metrics.map(({ values }) => values.learning_rate ?? Number.NaN);
    assert.deepEqual(rates.slice(0, 2), [0, 0.005]);
    assert.ok((rates.at(-1) ?? 1) < 0.001 && Math.max(...rates) === 0.01);
    assert.ok(!existsSync(at('run/checkpoints/step-000012/model.safetensors')));
  });
});

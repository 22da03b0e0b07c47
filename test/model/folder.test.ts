// Opening a model folder: a saved model is the model; what is missing or wrong is one sentence with the remedy.
// Text and tokens: any ids decode.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createChatTemplate } from '../../src/model/chat_template.ts';
import { formatConfig, parseConfig } from '../../src/model/config.ts';
import { openModel, saveModel } from '../../src/model/folder.ts';
import { readSafetensors, writeSafetensors } from '../../src/model/safetensors.ts';
import { parameterCount } from '../../src/model/weights.ts';
import { MerfError } from '../../src/spec/error.ts';
import { size } from '../../src/tensor/shape.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/qwen2-tiny');

describe('a model folder', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'merf-model-'));
    cpSync(FIXTURE, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const refused = (message: RegExp, at = folder) =>
    assert.rejects(
      openModel(at),
      (error) => error instanceof MerfError && message.test(error.message) && error.remedy.endsWith('.'),
    );
  const editConfig = (change: Record<string, unknown>) => {
    const path = join(folder, 'config.json');
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }));
  };

  it('saved and opened again is the same model', async () => {
    const model = await openModel(FIXTURE);
    const copy = join(folder, 'copy');
    saveModel(copy, model, { from: FIXTURE });
    const again = await openModel(copy);
    assert.equal(again.hash, model.hash);
    assert.deepEqual(again.config, model.config);
    assert.deepEqual(again.endTokens, model.endTokens);
    assert.equal(again.chatTemplate.source, model.chatTemplate.source);
    const elements = [...model.weights.values()].reduce((sum, { shape }) => sum + size(shape), 0);
    assert.equal(parameterCount(model.config), elements);
  });

  it('that is not there is named', () => refused(/no model folder at .*nowhere/, join(tmpdir(), 'nowhere')));

  for (const file of ['config.json', 'tokenizer.json', 'model.safetensors']) {
    it(`without ${file} says so`, async () => {
      rmSync(join(folder, file));
      await refused(new RegExp(file.replace('.', '\\.')));
    });
  }

  it('with a truncated weights file says so', async () => {
    truncateSync(join(folder, 'model.safetensors'), 5000);
    await refused(/is damaged/);
  });

  it('without a tensor, or with one of another shape, names it', async () => {
    const path = join(folder, 'model.safetensors');
    const tensors = readSafetensors(path);
    tensors.delete('model.norm.weight');
    writeSafetensors(path, tensors);
    await refused(/no tensor "model\.norm\.weight"/);
    tensors.set('model.norm.weight', { shape: [16], data: new Float32Array(16) });
    writeSafetensors(path, tensors);
    await refused(/"model\.norm\.weight" .* has shape \[16\] where config\.json asks for \[32\]/);
  });

  it('of another architecture names the supported ones', async () => {
    editConfig({ architectures: ['MambaForCausalLM'], model_type: 'mamba' });
    await assert.rejects(openModel(folder), (error) => {
      assert.ok(error instanceof MerfError);
      assert.match(error.message, /MambaForCausalLM/);
      assert.match(error.remedy, /Qwen2ForCausalLM/);
      return true;
    });
  });

  it('with settings this engine does not have is refused', async () => {
    editConfig({ rope_parameters: { rope_type: 'longrope', rope_theta: 10000, factor: 4 } });
    await refused(/rotary scaling "longrope"/);
    editConfig({ rope_parameters: { rope_type: 'linear', rope_theta: 10000 } });
    await refused(/rotary scaling "linear" has no factor/);
    editConfig({ rope_parameters: null, quantization_config: { quant_method: 'awq' } });
    await refused(/quantised/);
    editConfig({ quantization_config: null, hidden_size: 'wide' });
    await refused(/hidden_size/);
  });

  it('with an unreadable generation_config.json is refused', async () => {
    writeFileSync(join(folder, 'generation_config.json'), '{"temperature": "warm"}');
    await refused(/generation_config\.json is not readable \(temperature/);
  });

  it('keeps everything its config.json says, but for the element type', async () => {
    editConfig({ made_by: 'someone' });
    const copy = join(folder, 'copy');
    saveModel(copy, await openModel(folder), { from: folder, type: 'BF16' });
    const { made_by, torch_dtype, dtype } = JSON.parse(readFileSync(join(copy, 'config.json'), 'utf8'));
    assert.deepEqual([made_by, torch_dtype, dtype], ['someone', 'bfloat16', undefined]);
  });

  it('keeps the rotary base in either of its two places', () => {
    const rope = { theta: 5e5, scaling: null };
    const config = { ...parseConfig(JSON.parse(readFileSync(join(FIXTURE, 'config.json'), 'utf8'))), rope };
    assert.deepEqual(parseConfig(formatConfig(config)).rope, rope);
    const { rope_theta, ...rest } = formatConfig(config);
    assert.deepEqual(parseConfig({ ...rest, rope_parameters: { rope_theta, rope_type: 'default' } }).rope, rope);
  });
});

describe('the tokenizer', () => {
  it('gives back any text', async () => {
    const { tokenizer } = await openModel(FIXTURE);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        assert.equal(tokenizer.decode(tokenizer.encode(text), { specialTokens: true }), text);
      }),
    );
  });

  it('decodes any ids: half a character is U+FFFD, two halves are the character', async () => {
    const { tokenizer } = await openModel(FIXTURE);
    const ids = tokenizer.encode('é');
    assert.equal(ids.length, 2);
    assert.equal(tokenizer.decode(ids), 'é');
    assert.equal(tokenizer.token(ids[0] ?? 0), '\ufffd');
    assert.equal(tokenizer.decode([9999, ...ids, ids[0] ?? 0]), 'é\ufffd');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 320 })), (any) => {
        assert.equal(typeof tokenizer.decode(any), 'string');
      }),
    );
  });

  it('leaves special tokens out of the text unless asked', async () => {
    const { tokenizer } = await openModel(FIXTURE);
    const end = tokenizer.idOf('<|im_end|>') ?? -1;
    const ids = [...tokenizer.encode('knight'), end];
    assert.equal(tokenizer.decode(ids), 'knight');
    assert.equal(tokenizer.decode(ids, { specialTokens: true }), 'knight<|im_end|>');
    assert.deepEqual(tokenizer.encode('knight<|im_end|>'), ids);
    assert.ok(tokenizer.specialTokens.has(end));
  });
});

describe('a chat template', () => {
  it('that is broken is refused with the reason', () => {
    assert.throws(() => createChatTemplate('{% for %}'), MerfError);
    assert.throws(() => createChatTemplate("{{ raise_exception('no system') }}").render([]), MerfError);
  });

  const hostile = {
    'runs for ever': '{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}',
    'makes an endless list': '{% for i in range(1000000000) %}x{% endfor %}',
    'makes a text of gigabytes':
      '{% set ns = namespace(x="0123456789") %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}',
    'writes a hundred megabytes':
      '{% set ns = namespace(x="0123456789") %}{% for i in range(23) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}',
    'nests too deeply': `{{ ${'('.repeat(50_000)}1${')'.repeat(50_000)} }}`,
  };
  for (const [does, source] of Object.entries(hostile)) {
    it(`that ${does} is refused`, () => {
      assert.throws(
        () => createChatTemplate(source, 'x.jinja', { timeout: 300 }).render([]),
        (error) => error instanceof MerfError && /^x\.jinja cannot be rendered/.test(error.message),
      );
    });
  }

  it('is ChatML when the model has none', () => {
    const text = createChatTemplate().render([{ role: 'user', content: 'Hi' }]);
    assert.equal(text, '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n');
  });
});

// The decoder computes what Transformers' Qwen2ForCausalLM computes: logits, loss, gradients, tokens and chat text
// of a small random model (fixtures/qwen2-tiny, made with transformers 5.18 and torch 2.13 in float32).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { decoderNodes, weightInputs } from '../../src/model/decoder.ts';
import { openModel } from '../../src/model/folder.ts';
import { sequence, sequenceFeeds, sequenceInputs, sequenceLogits } from '../../src/model/sequence.ts';
import { gradients } from '../../src/tensor/differentiate.ts';
import { Graph } from '../../src/tensor/graph.ts';
import { compile } from '../../src/tensor/onnxruntime.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/qwen2-tiny');
const rows = z.array(z.array(z.number()));
const expected = z
  .object({
    tokens: rows,
    logits: z.array(rows),
    loss: z.number(),
    gradientNorms: z.record(z.string(), z.number()),
    messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
    chat: z.string(),
    chatTokens: z.array(z.number()),
    endToken: z.number(),
  })
  .parse(JSON.parse(readFileSync(join(FOLDER, 'expected.json'), 'utf8')));

const [B, T, V] = [expected.tokens.length, expected.tokens[0]?.length ?? 0, 320];

describe('Qwen2', () => {
  it('gives the logits of Transformers within 1e-4', async () => {
    const model = await openModel(FOLDER);
    const graph = new Graph();
    const weights = weightInputs(graph, model.config);
    const inputs = sequenceInputs(graph, model.config, { batch: B, length: T, kept: B * T });
    graph.output('logits', sequenceLogits(graph, model.config, decoderNodes(graph, weights), inputs));
    const program = await compile(graph);
    const feeds = Object.fromEntries([...model.weights].map(([name, { data }]) => [name, data]));
    const { logits } = await program.run({
      ...feeds,
      ...sequenceFeeds(model.config, new Array<number>(B).fill(T), T),
      tokens: Int32Array.from(expected.tokens.flat()),
      targets: new Int32Array(B * T),
    });
    let worst = 0;
    expected.logits.forEach((row, b) => {
      row.forEach((values, i) => {
        const at = (b * T + T - row.length + i) * V;
        values.forEach((value, v) => {
          worst = Math.max(worst, Math.abs(value - (logits?.[at + v] ?? NaN)));
        });
      });
    });
    assert.ok(worst < 1e-4, `worst difference ${worst}`);
    await program.dispose();
  });

  it('gives the loss and the gradient of Transformers for every parameter', async () => {
    const model = await openModel(FOLDER);
    const graph = new Graph();
    const weights = weightInputs(graph, model.config);
    const inputs = sequenceInputs(graph, model.config, { batch: B, length: T - 1, kept: B * (T - 1) });
    const scores = sequence(graph, model.config, decoderNodes(graph, weights), inputs);
    const loss = graph.output('loss', graph.neg(graph.mean(scores.logProbabilities)));
    const names = [...weights.keys()];
    gradients(graph, loss, [...weights.values()]).forEach((g, i) => {
      graph.output(names[i] ?? '', graph.sqrt(graph.sum(graph.square(g))));
    });
    const program = await compile(graph);
    const feeds = Object.fromEntries([...model.weights].map(([name, { data }]) => [name, data]));
    const outputs = await program.run({
      ...feeds,
      ...sequenceFeeds(model.config, new Array<number>(B).fill(T - 1), T - 1),
      tokens: Int32Array.from(expected.tokens.flatMap((row) => row.slice(0, -1))),
      targets: Int32Array.from(expected.tokens.flatMap((row) => row.slice(1))),
    });
    assert.ok(Math.abs((outputs.loss?.[0] ?? NaN) - expected.loss) < 1e-4);
    for (const [name, norm] of Object.entries(expected.gradientNorms)) {
      const got = outputs[name]?.[0] ?? NaN;
      assert.ok(Math.abs(got - norm) < 1e-4 * (1 + norm), `${name}: ${got} is not ${norm}`);
    }
    await program.dispose();
  });

  it('renders the chat template and tokenizes as Transformers does', async () => {
    const { chatTemplate, tokenizer, endTokens } = await openModel(FOLDER);
    const text = chatTemplate.render(expected.messages);
    assert.equal(text, expected.chat);
    assert.deepEqual(tokenizer.encode(text), expected.chatTokens);
    assert.equal(tokenizer.decode(expected.chatTokens, { specialTokens: true }), text);
    assert.deepEqual(endTokens, [expected.endToken]);
  });
});

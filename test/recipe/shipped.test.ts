import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { promptText } from '../../models/recipe/batches.ts';
import {
  demonstrationRules,
  demonstrationRulesInverted,
  demonstrationSystem,
} from '../../models/recipe/demonstration.ts';
import { judge } from '../../models/recipe/judge.ts';
import { buildTokenizer, words } from '../../models/recipe/tokenizer.ts';
import { openModel } from '../../src/model/folder.ts';
import { createGenerator } from '../../src/model/generate.ts';
import { parameterCount } from '../../src/model/weights.ts';
import { rowsOf } from '../../src/task/knights_and_knaves.ts';

const folder = 'models/tiny';

describe('the bundled model as shipped', () => {
  it('is a folder under 10 MB whose tokenizer is the one the recipe builds', async () => {
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(`${folder}/${name}`).size, 0);
    assert.ok(bytes < 10_000_000, String(bytes));
    assert.deepEqual(JSON.parse(readFileSync(`${folder}/tokenizer.json`, 'utf8')), buildTokenizer(words));
    const { config, tokenizer } = await openModel(folder);
    assert.equal(tokenizer.size, config.vocabularySize);
    assert.ok(parameterCount(config) > 1_000_000 && parameterCount(config) < 5_000_000);
  });

  it("follows the demonstration's rules more than the same rules with their signs turned", async () => {
    const model = await openModel(folder);
    const generator = await createGenerator(model);
    const rows = [...rowsOf('test', { people: { from: 3, to: 3 }, train: 0, test: 32, seed: 1 })];
    const rates = async (rules: string) => {
      const system = `${demonstrationSystem}\n${rules}`;
      const prompts = rows.map(({ quiz }) => model.tokenizer.encode(promptText({ system, user: quiz })));
      const responses = await generator.generate({ prompts, maxNewTokens: 24, seed: 1 });
      const texts = responses.map(({ tokens }) => model.tokenizer.decode(tokens));
      return {
        tagged: texts.filter((text) => text.startsWith('<think>')).length,
        careful: texts.filter((text) => judge({ names: [], solution: {} }, text).careful).length,
      };
    };
    const [natural, inverted] = [await rates(demonstrationRules), await rates(demonstrationRulesInverted)];
    await generator.dispose();
    // of 32: the model's card says 0.35 and 0.09 careful
    assert.ok(natural.careful > inverted.careful, JSON.stringify({ natural, inverted }));
    assert.ok(natural.tagged > inverted.tagged, JSON.stringify({ natural, inverted }));
  });
});

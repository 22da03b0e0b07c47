// A model's chat template, read without its weights; null where the model is not on this machine.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type ChatTemplate, createChatTemplate } from '../model/chat_template.ts';
import { MerfError } from '../spec/error.ts';
import { modelFolder } from './model_folder.ts';

export function readChatTemplate(model: string, file: string): ChatTemplate | null {
  const folder = modelFolder(model, file);
  if (folder === null) return null;
  const jinja = join(folder, 'chat_template.jinja');
  if (existsSync(jinja)) return createChatTemplate(readFileSync(jinja, 'utf8'), jinja);
  const config = join(folder, 'tokenizer_config.json');
  const found = z.object({ chat_template: z.string() }).safeParse(existsSync(config) ? readJson(config) : {});
  return createChatTemplate(found.success ? found.data.chat_template : undefined, config);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new MerfError(`${path} is not JSON.`, 'Download the model again.', { cause: error });
  }
}

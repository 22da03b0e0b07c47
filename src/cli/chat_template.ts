// A model's chat template, read without its weights; null where the model is not on this machine.

import type { ChatTemplate } from '../model/chat_template.ts';
import { readChatTemplate as readFrom } from '../model/folder.ts';
import { modelFolder } from './model_folder.ts';

export function readChatTemplate(model: string, file: string): ChatTemplate | null {
  const folder = modelFolder(model, file);
  return folder === null ? null : readFrom(folder);
}

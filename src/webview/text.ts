// Every word the panels show, by language. One shape for all, so that a missing translation does not compile.

import type { Language } from './messages.ts';
import { en, type Text } from './text_en.ts';
import { ja } from './text_ja.ts';

export type { Text } from './text_en.ts';

export function textOf(language: Language): Text {
  return language === 'ja' ? ja : en;
}

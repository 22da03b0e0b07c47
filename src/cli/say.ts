// A command's texts in the language that was asked for with --lang.

import { Option } from 'commander';

export type Language = 'en' | 'ja';

/** A text in the language that was asked for. */
export type Say = (en: string, ja: string) => string;

export function sayIn(language: Language): Say {
  return (en, ja) => (language === 'ja' ? ja : en);
}

export function languageOption(): Option {
  return new Option('--lang <language>', 'language of the texts').choices(['en', 'ja']).default('en');
}

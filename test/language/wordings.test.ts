// What a text says of a response, told from its words.

import assert from 'node:assert/strict';
import { verdictOf } from '../../src/language/lower/verdict.ts';

describe('the verdict of a text', () => {
  for (const text of [
    'every identity is stated correctly',
    'The answer is right.',
    'nothing is wrong',
    "it isn't wrong",
    'no mistakes, and correct',
    'すべて正しく答えている',
    '正解である',
    '間違いがない',
    '誤りのない答え',
  ]) {
    it(`is praise: ${text}`, () => assert.equal(verdictOf(text), 'praise'));
  }

  for (const text of [
    'an identity is missing or cannot be understood',
    'the format is wrong, so no answer can be read',
    'not correct',
    'the answer isn’t right',
    '正しくない',
    '不正解である',
    '名前が一つ欠けている',
    '形式が正しくありません',
  ]) {
    it(`is blame: ${text}`, () => assert.equal(verdictOf(text), 'blame'));
  }

  for (const text of [
    '',
    'the response has both parts',
    'correct, but a name is missing',
    'one is wrong and the others are right',
    'the copyright line',
    '正しいが、長さに誤りがある',
    '60 字以上 400 字以下',
  ]) {
    it(`is open: ${text}`, () => assert.equal(verdictOf(text), null));
  }
});

// What a text says of a response, told from its words.

import assert from 'node:assert/strict';
import { verdictOf } from '../../src/language/lower/wordings.ts';

describe('the verdict of a text', () => {
  for (const text of [
    'every identity is stated correctly',
    'The answer is right.',
    'nothing is wrong',
    "it isn't wrong",
    'no mistakes, and correct',
  ]) {
    it(`is praise: ${text}`, () => assert.equal(verdictOf(text), 'praise'));
  }

  for (const text of [
    'an identity is missing or cannot be understood',
    'the format is wrong, so no answer can be read',
    'not correct',
    'the answer isn’t right',
  ]) {
    it(`is blame: ${text}`, () => assert.equal(verdictOf(text), 'blame'));
  }

  for (const text of [
    '',
    'the response has both parts',
    'correct, but a name is missing',
    'one is wrong and the others are right',
    'the copyright line',
  ]) {
    it(`is open: ${text}`, () => assert.equal(verdictOf(text), null));
  }
});

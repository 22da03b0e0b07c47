// What a text says of a response, in English or Japanese: praise, blame, or neither. Words are compared, not understood,
// so a text has a verdict only when all of its words of praise and blame say the same.

export type Verdict = 'praise' | 'blame';

/** Clause by clause, a negation turning the words beside it around; null where it says both or neither. */
export function verdictOf(text: string): Verdict | null {
  const verdicts = new Set<Verdict>();
  for (const clause of text.toLowerCase().split(CLAUSES)) {
    const english = clause.match(/[\w'’]+/g) ?? [];
    const isNegated = english.some((word) => NEGATION.test(word));
    for (const word of english) {
      if (PRAISE.has(word)) verdicts.add(isNegated ? 'blame' : 'praise');
      if (BLAME.has(word)) verdicts.add(isNegated ? 'praise' : 'blame');
    }
    for (const { 0: word, index } of clause.matchAll(JAPANESE)) {
      // The negation stands behind what it negates.
      const isTurned = JAPANESE_NEGATION.test(clause.slice(index + word.length));
      const isBlame = JAPANESE_BLAME.test(word);
      verdicts.add(isBlame === isTurned ? 'praise' : 'blame');
    }
  }
  const [verdict = null] = verdicts;
  return verdicts.size === 1 ? verdict : null;
}

const CLAUSES = /[,;.:()—–、。，；：（）・\n]|\b(?:but|and|or)\b|(?:が|けれど|または)(?=、|,)/;

const PRAISE = new Set(
  'correct correctly right perfect perfectly solved accurate accurately excellent good'.split(' '),
);
const BLAME = new Set(
  'wrong wrongly incorrect incorrectly bad missing invalid fails failed mistake mistakes malformed broken'.split(' '),
);
const NEGATION = /^(?:not|no|never|nothing|without|none|neither|cannot|\w+n['’]t)$/;

const JAPANESE_BLAME = /不正解|不正確|不適切|不完全|誤答|誤[りっる]|間違|まちが|失敗|壊れ|欠け|抜け|無効|悪い/;
const JAPANESE =
  /不正解|不正確|不適切|不完全|誤答|誤[りっる]|間違|まちが|失敗|壊れ|欠け|抜け|無効|悪い|正解|正し[いく]|正確|適切|完璧|完全に|優れ/g;
const JAPANESE_NEGATION = /^(?:[^正誤間]{0,8})(?:ない|なく|なけれ|なし|無い|無し|ません|ずに|ず$)/;

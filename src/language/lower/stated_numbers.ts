// Numbers in a text that a person wrote, by what the text says they are: a score (`+2`, `3 points`, `２点`), a range of
// scores (`from -3 to 3`), a length (`at most 256 tokens`, `300文字以内`). Places count in the text as it is written:
// full-width digits and signs are read one for one.

export interface Stated {
  /** As it is written. */
  text: string;
  index: number;
}

export interface StatedScore extends Stated {
  value: number;
  /** `+2`; of `2 points` it is open whether they are won or lost. */
  isSigned: boolean;
}

export interface StatedRange extends Stated {
  min: number;
  max: number;
}

export interface StatedLength extends Stated {
  value: number;
  isTokens: boolean;
  /** `at most 256 tokens` and not just `256 tokens`. */
  isLimit: boolean;
}

/** Full-width letters, digits and signs as their ASCII ones; every place stays where it is. */
export function halfWidth(text: string): string {
  return text
    .replace(/[！-～]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0))
    .replace(/[−－]/g, '-')
    .replaceAll('　', ' ');
}

const NUMBER = '\\d+(?:\\.\\d+)?';
/** A number that is part of a word, of another number, or of a range like "3-7" is not one. */
const SIGNED = new RegExp(`(?<![\\w.)\\]}])([+-])(${NUMBER})(?![\\w%]|\\.\\d)`, 'g');
const POINTS = [
  new RegExp(
    `\\b(?:scor|earn|gain|los|worth|award|deduct|receiv|subtract|minus |plus )\\w* ?(${NUMBER}) points?\\b`,
    'gi',
  ),
  new RegExp(
    `(?<![\\w.+-])(${NUMBER}) points? (?:is |are )?(?:awarded|deducted|subtracted|given|off|lost|each)\\b`,
    'gi',
  ),
  new RegExp(`\\b(?:score|reward|bonus|penalty) of (${NUMBER})(?![\\w%]|\\.\\d)`, 'gi'),
  new RegExp(`(?<![\\w.+-])(${NUMBER})点(?=を?(?:加|減|得|もら|与え|引|差し)|です|満点|[。、)]|$)`, 'gm'),
  new RegExp(`(?:得点|点数|スコア|加点|減点|マイナス|プラス)(?:は|が|:)? ?(${NUMBER})点?`, 'g'),
];

/** In their order; each number once. */
export function statedScores(written: string): StatedScore[] {
  const text = halfWidth(written);
  const found = new Map<number, StatedScore>();
  const add = (match: RegExpExecArray, digits: string, sign: string): void => {
    const index = match.index + match[0].lastIndexOf(sign + digits);
    const length = sign.length + digits.length;
    const value = sign === '-' ? -Number(digits) : Number(digits);
    if (!found.has(index))
      found.set(index, { text: written.slice(index, index + length), index, value, isSigned: sign !== '' });
  };
  for (const match of text.matchAll(SIGNED)) add(match, match[2] ?? '', match[1] ?? '');
  for (const pattern of POINTS) for (const match of text.matchAll(pattern)) add(match, match[1] ?? '', '');
  return [...found.values()].sort((a, b) => a.index - b.index);
}

const RANGE = new RegExp(
  `(?<![\\w.])(between )?([+-]?${NUMBER})(?: ?(?:to|through|\\.\\.|…|~|〜|–|から) ?| (and) )([+-]?${NUMBER})(?![\\w%]|\\.\\d)`,
  'g',
);

export function statedRanges(written: string): StatedRange[] {
  return [...halfWidth(written).matchAll(RANGE)].flatMap((match): StatedRange[] => {
    const [whole, between, low = '', and, high = ''] = match;
    if ((between === undefined) !== (and === undefined)) return [];
    const index = match.index + (between?.length ?? 0);
    const length = whole.length - (between?.length ?? 0);
    return [{ text: written.slice(index, index + length), index, min: Number(low), max: Number(high) }];
  });
}

const LENGTH =
  /(?<![\w.])(\d[\d,]*(?:\.\d+)?)(?:[ -](token|word|character|letter|line|sentence|item|paragraph|bullet)s?\b| ?(トークン|文字|字|単語|語|行|文(?![字章脈])|個))/gi;
const BEFORE_LIMIT =
  /(?:at most|no more than|not more than|fewer than|less than|under|within|up to|below|at least|more than|max(?:imum)?(?: of)?|limit(?:ed)?(?: of| to)?|exceed(?:s|ing)?|longer than|shorter than) $/i;
const AFTER_LIMIT = /^ ?(?:以内|以下|未満|まで|以上|を超え|より|or (?:less|fewer|more))/;

/** Of what is counted one by one (`3 items`), only limits: else it is as likely to be what the text is about. */
export function statedLengths(written: string): StatedLength[] {
  const text = halfWidth(written);
  return [...text.matchAll(LENGTH)].flatMap((match): StatedLength[] => {
    const [whole, digits = '', unit = '', japanese = ''] = match;
    const end = match.index + whole.length;
    const isLimit = BEFORE_LIMIT.test(text.slice(0, match.index)) || AFTER_LIMIT.test(text.slice(end));
    if (COUNTED.test(unit || japanese) && !isLimit) return [];
    return [
      {
        text: written.slice(match.index, end),
        index: match.index,
        value: Number(digits.replaceAll(',', '')),
        isTokens: unit.toLowerCase() === 'token' || japanese === 'トークン',
        isLimit,
      },
    ];
  });
}

const COUNTED = /^(?:item|paragraph|bullet|個|語)$/i;

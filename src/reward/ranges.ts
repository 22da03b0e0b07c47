// The ranges of a reward are read off the specification alone, so they are computed in spec/, where the language can
// ask for them too.

export { type Range, type RewardRanges, rewardRanges, scoreRange, sumRange } from '../spec/ranges.ts';

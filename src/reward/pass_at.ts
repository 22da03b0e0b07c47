// pass@k: how often at least one of k answers to a problem is right, from n ≥ k answers of which c are (Chen et al.
// 2021, arXiv 2107.03374, eq. 1; unbiased):
//
//   pass@k = mean over problems of  1 − C(n − c, k) / C(n, k)
//
// Its interval is Wilson's over the problems: the estimates lie between 0 and 1, so they vary at most as much as a share
// of as many problems that are right or wrong does, and the interval is rather too wide than too narrow.

import { wilsonInterval } from './accuracy.ts';

/** Answers to one problem: how many there are, and how many of them are right. */
export interface Answered {
  count: number;
  right: number;
}

export interface PassAt {
  k: number;
  share: number;
  /** 95 %. */
  interval: [number, number];
}

/** 1 − Π_{i = n−c+1..n} (1 − k/i), which is the same and does not overflow. */
export function passAtOf({ count, right }: Answered, k: number): number {
  if (count - right < k) return 1;
  let missed = 1;
  for (let i = count - right + 1; i <= count; i++) missed *= 1 - k / i;
  return 1 - missed;
}

/** At 1, 2, 4, … and the number of answers asked for; problems with fewer than k answers are left out of pass@k. */
export function passAt(problems: readonly Answered[], asked: number): PassAt[] {
  const powers = Array.from({ length: 1 + Math.floor(Math.log2(asked)) }, (_, i) => 2 ** i);
  return [...new Set([...powers, asked])].flatMap((k) => {
    const known = problems.filter(({ count }) => count >= k);
    if (known.length === 0) return [];
    const share = known.reduce((sum, one) => sum + passAtOf(one, k), 0) / known.length;
    return [{ k, share, interval: wilsonInterval(share, known.length) }];
  });
}

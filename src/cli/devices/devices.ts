// The devices of this computer that could compute, in one list: the processor, which trains, and every graphics card,
// which training cannot use; a card is there so that a person sees whether a run would have room on it.

import { graphicsCards } from './graphics_cards.ts';
import { processor } from './processor.ts';

export interface Device {
  kind: 'processor' | 'graphics';
  name: string;
  /** Whether training can use it. */
  trains: boolean;
  /** Of its memory; null: not known. */
  bytes: number | null;
  /** Of those, free now; null: not known. */
  free: number | null;
}

/** The processor first. */
export async function devicesHere(): Promise<Device[]> {
  const { name, bytes, free } = processor();
  return [
    { kind: 'processor', name, trains: true, bytes, free },
    ...(await graphicsCards()).map((card): Device => {
      const memory = card.isShared ? { bytes, free } : { bytes: card.bytes, free: card.free };
      return { kind: 'graphics', name: card.name, trains: false, ...memory };
    }),
  ];
}

/** Whether so many bytes have room there; null: not known. */
export function hasRoom({ bytes, free }: Device, needed: number): boolean | null {
  const there = free ?? bytes;
  return there === null ? null : needed <= there;
}

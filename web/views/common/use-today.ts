import { useEffect, useState } from 'preact/hooks';
import type { Times } from '../../text/times.ts';

/** The keys of today and yesterday, which change at midnight. */
export function useToday(times: Times): { readonly today: string; readonly yesterday: string; readonly now: number } {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    // A timer of a day would be late after the machine has slept, so the time is looked at often.
    const timer = setInterval(() => {
      const next = Date.now();
      if (times.dayKey(next) !== times.dayKey(now)) setNow(next);
    }, 1_000);
    return () => clearInterval(timer);
  }, [now, times]);
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  return { today: times.dayKey(now), yesterday: times.dayKey(yesterday.getTime()), now };
}

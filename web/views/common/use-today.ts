import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Times } from '../../text/times.ts';

/** The keys of today and yesterday, and a time of today. */
export type Today = { readonly today: string; readonly yesterday: string; readonly now: number };

/** What day it is; it changes at midnight. */
export function useToday(times: Times): Today {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    // A timer of a day would be late after the machine has slept, so the time is looked at often.
    const timer = setInterval(() => {
      const next = Date.now();
      if (times.dayKey(next) !== times.dayKey(now)) setNow(next); // WEB-46
    }, 1_000);
    return () => clearInterval(timer);
  }, [now, times]);
  return useMemo(() => {
    const yesterday = new Date(now);
    yesterday.setDate(yesterday.getDate() - 1);
    return { today: times.dayKey(now), yesterday: times.dayKey(yesterday.getTime()), now };
  }, [now, times]);
}

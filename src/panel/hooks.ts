/**
 * How views follow models, time and their own size; knows nothing of instances.
 */
import type { ISignal } from '@lumino/signaling';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { RefObject } from 'react';

/**
 * A value of a model, drawn anew whenever the model's signal says that it changed.
 *
 * #### Notes
 * The value must keep its identity while it is the same, as the states of our models do.
 */
export function useModel<T>(
  signal: ISignal<unknown, unknown>,
  read: () => T
): T {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const slot = (): void => {
        onChange();
      };
      signal.connect(slot);
      return () => {
        signal.disconnect(slot);
      };
    },
    [signal]
  );
  return useSyncExternalStore(subscribe, read);
}

/**
 * The time now, in milliseconds, renewed at an interval while the page is visible.
 */
export function useNow(intervalSeconds: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) {
        setNow(Date.now());
      }
    }, intervalSeconds * 1000);
    setNow(Date.now());
    return () => {
      clearInterval(timer);
    };
  }, [intervalSeconds]);
  return now;
}

/**
 * Width and height of an element's content box, in pixels; null before it is laid out.
 */
export function useSize(
  ref: RefObject<Element>
): { readonly width: number; readonly height: number } | null {
  const [size, setSize] = useState<{ width: number; height: number } | null>(
    null
  );
  useEffect(() => {
    const element = ref.current;
    if (element === null) {
      return;
    }
    const observer = new ResizeObserver(entries => {
      const box = entries[entries.length - 1]?.contentRect;
      // A hidden element has no size; what it had is the better guess for when it is shown.
      if (box !== undefined && box.width > 0) {
        setSize({ width: box.width, height: box.height });
      }
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [ref]);
  return size;
}

/**
 * What browsers have and jsdom has not, for JupyterLab's packages and for our own views.
 */

class DragEventStandIn extends MouseEvent {}

/** Lays nothing out, so it has nothing to tell. */
class ResizeObserverStandIn {
  observe(): void {
    return;
  }
  unobserve(): void {
    return;
  }
  disconnect(): void {
    return;
  }
}

Object.assign(globalThis, {
  DragEvent: DragEventStandIn,
  ResizeObserver: ResizeObserverStandIn,
  requestIdleCallback: (callback: () => void) => setTimeout(callback, 0),
  CSS: { escape: (text: string) => text },
  IS_REACT_ACT_ENVIRONMENT: true
});

/** A page of one appearance: no preference is set, and none changes. */
window.matchMedia = query =>
  ({
    matches: false,
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined
  }) as unknown as MediaQueryList;

Element.prototype.scrollIntoView = (): void => undefined;

import { Panel, Widget } from '@lumino/widgets';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { followContentHeight } from '../contentHeight';

/** A page that lays nothing out, so that a test says how large things are. */
let callback: () => void;
const observed = new Set<Element>();
let observations: number;

class ObserverOfTheTest {
  constructor(given: () => void) {
    callback = given;
  }
  observe(element: Element): void {
    observed.add(element);
    observations += 1;
  }
  disconnect(): void {
    observed.clear();
  }
}

let height: number;
let room: number;
let section: Panel;
let parent: Panel;
let following: ReturnType<typeof followContentHeight>;

beforeEach(() => {
  observations = 0;
  vi.stubGlobal('ResizeObserver', ObserverOfTheTest);
  parent = new Panel();
  section = new Panel();
  const content = new Widget();
  section.addWidget(content);
  parent.addWidget(section);
  Object.defineProperty(content.node, 'offsetHeight', { get: () => height });
  Object.defineProperty(parent.node, 'clientHeight', { get: () => room });
  following = followContentHeight(section, content);
});

afterEach(() => {
  following.dispose();
  vi.unstubAllGlobals();
});

function heights(): readonly [string, string] {
  return [section.node.style.minHeight, section.node.style.maxHeight];
}

describe('a section that is as high as its content', () => {
  it('is exactly so, and follows it', () => {
    [height, room] = [120, 800];
    callback();
    expect(heights()).toEqual(['120px', '120px']);
    height = 180;
    callback();
    expect(heights()).toEqual(['180px', '180px']);
  });

  it('leaves half of the panel to the others, also when that shrinks', () => {
    [height, room] = [600, 800];
    callback();
    expect(heights()).toEqual(['400px', '400px']);
    expect(observed.has(parent.node)).toBe(true);
    room = 300;
    callback();
    expect(heights()).toEqual(['150px', '150px']);
  });

  it('keeps its height while it is collapsed', () => {
    [height, room] = [120, 800];
    callback();
    height = 0;
    callback();
    expect(heights()).toEqual(['120px', '120px']);
  });

  it('observes each element once, because observing calls back', () => {
    [height, room] = [120, 800];
    callback();
    callback();
    expect(observations).toBe(2);
  });

  it('lets go when it is disposed', () => {
    following.dispose();
    expect(observed.size).toBe(0);
  });
});

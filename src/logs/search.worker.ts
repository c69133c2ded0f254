/**
 * The thread that a log is searched in, so that no pattern, however slow, freezes the tab.
 */
import { searchPiece } from './searchPiece';
import type { ISearchRequest } from './searchPiece';

self.onmessage = ({ data }: MessageEvent<ISearchRequest>): void => {
  const matches = searchPiece(data);
  self.postMessage(matches, { transfer: [matches.buffer] });
};

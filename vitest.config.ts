import { defineConfig } from 'vitest/config';

/**
 * Unit tests of the panel, in jsdom.
 *
 * JupyterLab's packages are written for a bundler (imports without extensions, icons imported as
 * text), so Vite loads them instead of Node.
 */
export default defineConfig({
  plugins: [
    {
      name: 'svg-as-text',
      enforce: 'pre',
      async resolveId(source, importer) {
        if (!source.endsWith('.svg')) {
          return null;
        }
        const file = await this.resolve(source, importer, { skipSelf: true });
        return file === null ? null : `${file.id}?raw`;
      }
    }
  ],
  resolve: {
    alias: [
      {
        // Lumino's "module" has no extension, which Vite does not find: it would take the CommonJS
        // files, and with them a second message loop.
        find: /^@lumino\/([a-z]+)$/,
        replacement: decodeURIComponent(
          new URL('node_modules/@lumino/$1/dist/index.es6.js', import.meta.url)
            .pathname
        )
      }
    ]
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/__tests__/setup.ts'],
    include: ['src/**/__tests__/**/*.spec.{ts,tsx}'],
    server: { deps: { inline: [/@jupyter/, /@jupyterlab/, /@lumino/] } },
    restoreMocks: true,
    testTimeout: 10_000
  }
});

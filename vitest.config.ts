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
      transform(code, id) {
        return id.endsWith('.svg')
          ? { code: `export default ${JSON.stringify(code)};`, map: null }
          : null;
      }
    }
  ],
  test: {
    environment: 'jsdom',
    include: ['src/**/__tests__/**/*.spec.{ts,tsx}'],
    server: { deps: { inline: [/@jupyter/, /@jupyterlab/, /@lumino/] } },
    restoreMocks: true,
    testTimeout: 10_000
  }
});

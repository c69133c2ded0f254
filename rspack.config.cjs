/**
 * What the panel's build does beyond what JupyterLab's builder does by itself, so that less is loaded. Decision 144
 * says what each part gains.
 */
const { SwcJsMinimizerRspackPlugin } = require('@rspack/core');

/** As in tsconfig.json. */
const ecma = 2021;

module.exports = {
  optimization: {
    // What two pages share is in neither of them.
    splitChunks: { minSize: 2000 },
    minimizer: [
      new SwcJsMinimizerRspackPlugin({
        minimizerOptions: {
          ecma,
          compress: { ecma, passes: 4 },
          format: { ecma, comments: false }
        }
      })
    ]
  },
  module: {
    rules: [
      {
        test: /\.css$/,
        enforce: 'pre',
        loader: 'builtin:lightningcss-loader',
        options: { minify: true }
      },
      {
        test: /\.js$/,
        exclude: /node_modules/,
        enforce: 'pre',
        loader: require.resolve('./scripts/short_elements.cjs')
      }
    ]
  }
};

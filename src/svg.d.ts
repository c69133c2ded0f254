/** Icons are imported as their text. */
declare module '*.svg' {
  const source: string;
  export default source;
}

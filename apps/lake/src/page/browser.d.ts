/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** A program for browsers, bundled with everything that it imports, as a text. */
declare module '*?browser' {
  const script: string;
  export default script;
}

/** How the page looks: by day and by night, on a phone and on a wall. */
export const style = `
:root { color-scheme: light dark; --ink: light-dark(#1d2a24, #e6efe9); --soft: light-dark(#55635b, #9fb0a6); --paper: light-dark(#faf7f0, #111815); --card: light-dark(#fff, #1a2420); --line: light-dark(#ddd8ca, #2c3a33); --green: light-dark(#1f5d3f, #7fc9a0); --red: light-dark(#a32020, #ff9c8f); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 24px; padding: 12px 24px; background: #1f5d3f; color: #fff; }
header p { margin: 0; }
.brand { font-size: 20px; }
.brand b { color: #f4c95d; font-weight: 600; }
@media (max-width: 699px) { .brand { flex-basis: 100%; } }
nav { display: flex; flex: 1; flex-wrap: wrap; gap: 4px; }
nav a, nav button { padding: 5px 12px; border: 0; border-radius: 8px; background: none; color: #fff; font: inherit; text-decoration: none; }
nav a:hover, nav button:hover { background: #ffffff26; }
nav a[aria-current] { background: #f4c95d; color: #1d2a24; }
nav button { margin-left: auto; cursor: pointer; }
main { max-width: 1280px; margin: 0 auto; padding: 24px; outline: none; }
h1 { margin: 0 0 12px; font-size: 24px; }
h2 { display: flex; justify-content: space-between; gap: 12px; margin: 0 0 8px; font-size: 15px; }
h2 a { font-size: 12px; font-weight: 400; }
a { color: var(--green); }
:focus-visible { outline: 2px solid var(--green); outline-offset: 2px; }
.note { color: var(--soft); font-size: 13px; }
.problem { padding: 10px 14px; border-left: 3px solid var(--red); background: var(--card); color: var(--red); white-space: pre-wrap; overflow-wrap: anywhere; }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin: 12px 0; }
main button, select, input { padding: 7px 14px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); color: inherit; font: inherit; }
main button { cursor: pointer; }
main button:disabled { opacity: .5; cursor: default; }
main button.main { border-color: #1f5d3f; background: #1f5d3f; color: #fff; }
article, .sign-in { min-width: 0; padding: 16px; border: 1px solid var(--line); border-radius: 14px; background: var(--card); }
.sign-in { display: grid; gap: 14px; max-width: 360px; margin: 10vh auto 0; padding: 28px; }
.sign-in label { display: grid; gap: 4px; }
.sign-in p { margin: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); gap: 16px; margin-top: 16px; }
.cards h2 { font-size: 18px; }
.columns { display: flex; flex-wrap: wrap; gap: 6px; padding: 0; list-style: none; }
.columns li { padding: 2px 8px; border-radius: 6px; background: var(--paper); }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 16px; }
@media (min-width: 700px) { .panels .wide { grid-column: span 2; } }
.chart { height: 260px; overflow: hidden; border: 0 solid var(--line); }
.chart[aria-busy=true] { border-radius: 8px; background: var(--paper); opacity: .6; }
.chart:has(.number) { height: auto; }
.number { margin: 0; font-size: 40px; font-weight: 650; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.ask { display: grid; grid-template-columns: minmax(0, 1fr); gap: 24px; }
@media (min-width: 960px) { .ask { grid-template-columns: minmax(0, 1fr) 280px; } }
.cm-editor { border: 1px solid var(--line); border-radius: 10px; background: var(--card); overflow: hidden; min-height: 120px; max-height: 40vh; }
.cm-editor .cm-gutters { border: 0; background: var(--paper); color: var(--soft); }
.cm-editor .cm-activeLine, .cm-editor .cm-activeLineGutter { background: light-dark(#1f5d3f0d, #7fc9a014); }
.cm-editor .cm-cursor { border-color: var(--ink); }
.cm-editor .cm-content { caret-color: var(--ink); }
.cm-tooltip.cm-tooltip-autocomplete, .cm-tooltip { border: 1px solid var(--line); background: var(--card); color: var(--ink); }
.cm-editor .tok-keyword, .cm-editor .tok-keyword * { color: light-dark(#7a3e9d, #d2a8ff); }
.cm-editor .tok-string { color: light-dark(#9a4a12, #f0b27a); }
.cm-editor .tok-number { color: light-dark(#1c5f99, #8ec7f5); }
.history { display: grid; gap: 6px; margin: 0; padding: 0; list-style: none; max-height: 70vh; overflow: auto; }
.history button { display: grid; gap: 2px; width: 100%; text-align: left; }
.history code { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.scroll { max-height: 60vh; overflow: auto; border: 1px solid var(--line); border-radius: 10px; }
table { width: 100%; border-collapse: collapse; background: var(--card); font-size: 13px; }
th { position: sticky; top: 0; background: var(--paper); text-align: left; }
th button { width: 100%; border: 0; border-radius: 0; background: none; font-weight: 600; text-align: left; }
th.figure button { text-align: right; }
th[aria-sort=ascending] button::after { content: ' ↑'; }
th[aria-sort=descending] button::after { content: ' ↓'; }
td { max-width: 420px; padding: 5px 14px; border-top: 1px solid var(--line); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
td.figure { text-align: right; font-variant-numeric: tabular-nums; }
`;

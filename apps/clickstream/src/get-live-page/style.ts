/** How the page looks: by day and by night, on a phone and on a wall. */
export const style = `
:root { color-scheme: light dark; --ink: light-dark(#1d2a24, #e6efe9); --soft: light-dark(#55635b, #9fb0a6); --paper: light-dark(#faf7f0, #111815); --card: light-dark(#fff, #1a2420); --line: light-dark(#ddd8ca, #2c3a33); --green: light-dark(#1f5d3f, #7fc9a0); --red: light-dark(#a32020, #ff9c8f); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 16px; padding: 14px 24px; background: #1f5d3f; color: #fff; }
header p { margin: 0; }
.brand { font-size: 20px; }
.brand b { color: #f4c95d; font-weight: 600; }
#state::before { content: ''; display: inline-block; width: 10px; height: 10px; margin-right: 8px; border-radius: 50%; background: #f4c95d; }
#state[data-state=live]::before { background: #6fe0a0; }
#state[data-state=lost]::before { background: #ff8f80; }
main { max-width: 1200px; margin: 0 auto; padding: 24px; }
h1 { margin: 0; font-size: 24px; }
h2 { margin: 0 0 12px; font-size: 15px; }
.note { color: var(--soft); font-size: 13px; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 330px), 1fr)); gap: 16px; margin: 16px 0; }
.tile, section { padding: 16px; border: 1px solid var(--line); border-radius: 14px; background: var(--card); min-width: 0; }
.tile dt { color: var(--soft); }
.tile dd { margin: 0; }
.tile dt + dd { font-size: 32px; font-weight: 650; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
svg { display: block; width: 100%; height: 40px; margin-top: 8px; overflow: visible; }
path { fill: none; stroke: var(--green); stroke-width: 2; stroke-linejoin: round; }
.lists { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 360px), 1fr)); gap: 16px; }
.bars { display: grid; gap: 8px; margin: 0; padding: 0; list-style: none; }
.bars li { position: relative; display: flex; justify-content: space-between; gap: 12px; padding: 4px 10px; border-radius: 6px; overflow: hidden; font-variant-numeric: tabular-nums; }
.bars li::before { content: ''; position: absolute; inset: 0; width: calc(100% * var(--part, 0)); background: var(--green); opacity: .22; transition: width .4s; }
.bars span { position: relative; overflow-wrap: anywhere; }
body[data-state=lost] main { opacity: .6; }
@media (prefers-reduced-motion: reduce) { .bars li::before { transition: none; } }
`;

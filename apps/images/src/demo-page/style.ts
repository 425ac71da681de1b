/** How the page looks: one column on a phone, the controls beside the picture where there is room. */
export const style = `
:root { --ink: #1d2a24; --soft: #55635b; --paper: #faf7f0; --card: #fff; --line: #ddd8ca; --green: #1f5d3f; --gold: #f4c95d; --red: #a32020; color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 16px; padding: 14px 24px; background: var(--green); color: #fff; }
header p { margin: 0; }
.brand { font-size: 20px; letter-spacing: .01em; }
.brand b { color: var(--gold); font-weight: 600; }
.leaf { display: inline-block; width: 15px; height: 15px; margin-right: 9px; background: var(--gold); border-radius: 0 100% 0 100%; }
.claim { color: #dcebe2; }
main { display: grid; gap: 24px; max-width: 1340px; margin: 0 auto; padding: 24px; }
.show { display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; align-content: start; min-width: 0; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
fieldset { min-width: 0; margin: 0; padding: 0; border: 0; }
legend, h2 { margin: 0; padding: 0; font-size: 13px; font-weight: 650; letter-spacing: .06em; text-transform: uppercase; color: var(--green); }

.choose { display: grid; gap: 12px 20px; }
#pictures { display: flex; flex-wrap: wrap; gap: 10px; margin-top: 8px; }
#pictures label { position: relative; display: grid; gap: 4px; max-width: 96px; font-size: 13px; text-align: center; cursor: pointer; overflow-wrap: anywhere; }
#pictures input { position: absolute; opacity: 0; inset: 0; width: 100%; height: 60px; margin: 0; cursor: pointer; }
#pictures img { width: 88px; height: 60px; object-fit: cover; border-radius: 8px; background: #e9e4d6; outline: 2px solid transparent; outline-offset: 2px; }
#pictures :checked + img { outline-color: var(--green); }
#pictures :focus-visible + img { outline-width: 4px; }
.drop { position: relative; display: grid; place-content: center; min-height: 76px; padding: 10px 18px; border: 2px dashed #9aa79f; border-radius: 12px; text-align: center; cursor: pointer; }
.drop span { color: var(--soft); font-size: 13px; }
.drop input { position: absolute; inset: 0; opacity: 0; cursor: pointer; }
.drop.over, .drop:hover, .drop:focus-within { border-color: var(--green); background: #eef5f0; }
.drop:focus-within { outline: 3px solid var(--green); outline-offset: 2px; }

.stage { --split: 50%; position: relative; aspect-ratio: 3 / 2; max-height: 66vh; width: 100%; overflow: hidden; border-radius: 14px; border: 1px solid var(--line); background: repeating-conic-gradient(#e8e5dc 0 25%, #f7f5ef 0 50%) 0 0 / 24px 24px; }
.stage img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; transition: opacity .15s; }
.stage img:not([src]) { visibility: hidden; }
#before { clip-path: inset(0 calc(100% - var(--split)) 0 0); }
#after { clip-path: inset(0 0 0 var(--split)); }
.stage[aria-busy=true] #after { opacity: .55; }
#split { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: ew-resize; }
.handle { position: absolute; top: 0; bottom: 0; left: var(--split); width: 3px; margin-left: -1.5px; background: #fff; box-shadow: 0 0 0 1px rgb(0 0 0 / .35); pointer-events: none; }
.handle::after { content: '‹ ›'; position: absolute; top: 50%; left: 50%; width: 42px; height: 42px; margin: -21px; border-radius: 50%; background: #fff; box-shadow: 0 1px 6px rgb(0 0 0 / .4); color: var(--green); font: 700 18px/38px system-ui, sans-serif; text-align: center; }
#split:focus-visible + .handle::after { outline: 4px solid var(--green); outline-offset: 2px; }
.tag { position: absolute; bottom: 10px; padding: 2px 10px; border-radius: 99px; background: rgb(20 30 25 / .78); color: #fff; font-size: 13px; pointer-events: none; }
.left { left: 10px; }
.right { right: 10px; }
#problem { margin: 0; color: var(--red); font-weight: 600; }
#problem:empty, .note:empty { display: none; }
.facts { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 12px; margin: 0; }
.facts div { padding: 12px 16px; border-radius: 12px; border: 1px solid var(--line); background: var(--card); }
.facts dt { color: var(--soft); font-size: 13px; }
.facts dd { margin: 0; color: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums; min-height: 1.45em; }
.facts dt + dd { color: var(--ink); font-size: clamp(17px, 2.4vw, 24px); font-weight: 650; }
.facts .gain { background: var(--green); border-color: var(--green); }
.facts .gain dt, .facts .gain dd { color: #dcebe2; }
.facts .gain dt + dd { color: var(--gold); }

.addresses, form { padding: 16px; border: 1px solid var(--line); border-radius: 14px; background: var(--card); }
.addresses { display: grid; gap: 10px; }
.addresses div { display: grid; grid-template-columns: 1fr auto; gap: 4px 8px; align-items: center; }
.addresses label { grid-column: 1 / -1; }
.addresses input { font: 13px/1.4 ui-monospace, monospace; text-overflow: ellipsis; }
.note { margin: 0; color: var(--soft); font-size: 13px; }

form { display: grid; gap: 20px; align-content: start; align-self: start; }
form fieldset { display: grid; gap: 10px; padding-bottom: 18px; border-bottom: 1px solid var(--line); }
legend { margin-bottom: 10px; }
.choose legend { margin-bottom: 0; }
label { font-size: 14px; }
form label:not(.tick) { display: grid; grid-template-columns: 1fr auto; gap: 4px; }
form label :is(input, select) { grid-column: 1 / -1; }
form .value { color: var(--soft); font-variant-numeric: tabular-nums; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; align-items: center; }
.tick { display: flex; gap: 8px; align-items: center; min-height: 28px; }
.tick input { width: 18px; height: 18px; margin: 0; flex: none; }
input, select { accent-color: var(--green); }
:is(input:not([type=checkbox], [type=range], [type=radio], [type=color], [type=file]), select) { width: 100%; min-height: 38px; padding: 6px 10px; border: 1px solid #8b968f; border-radius: 8px; background: #fff; color: var(--ink); font-size: 15px; }
.addresses input:read-only { background: #f5f2e9; border-color: var(--line); }
input[type=range] { width: 100%; min-height: 26px; margin: 0; }
input[type=color] { width: 100%; height: 38px; padding: 3px; border: 1px solid #8b968f; border-radius: 8px; background: #fff; }
:disabled { opacity: .45; }
button { min-height: 38px; padding: 6px 16px; border: 1px solid var(--green); border-radius: 8px; background: var(--green); color: #fff; font: 600 14px system-ui, sans-serif; cursor: pointer; }
button:hover { background: #17472f; }
button[type=reset] { background: #fff; color: var(--green); }
button[type=reset]:hover { background: #eef5f0; }
:is(button, input, select):focus-visible { outline: 3px solid var(--green); outline-offset: 2px; }
@media (min-width: 620px) { .choose { grid-template-columns: auto minmax(200px, 1fr); align-items: stretch; } }
@media (min-width: 960px) { main { grid-template-columns: minmax(0, 1fr) 320px; } }
@media (max-width: 620px) { main { padding: 14px; gap: 16px; } header { padding: 12px 14px; } .stage { aspect-ratio: 1; } .facts div { padding: 10px; } }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
`;

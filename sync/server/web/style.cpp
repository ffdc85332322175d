#include "sync/server/web/pages.h"

// The same colours, corners and type as the till's own screen.
namespace evertill::server::web {

std::string_view StyleSheet() {
  return R"css(
:root { --ink:#10141f; --mute:#5b6474; --line:#e4e7ee; --page:#f2f3f7; --card:#fff; --teal:#10766c; --mint:#e2f4f0;
  --navy:#0d1424; --amber:#ffd479; --amber-dark:#43300a; --red:#b42318; --green:#15803d; }
* { box-sizing:border-box; }
html { -webkit-text-size-adjust:100%; }
body { margin:0; background:var(--page); color:var(--ink); font:15px/1.45 "Noto Sans","Noto Sans Thai",system-ui,sans-serif; }
b, h1, h2, dd { font-weight:700; }
a { color:var(--teal); }
code { font:13px/1.4 "Noto Sans Mono",ui-monospace,monospace; background:#eef0f5; border-radius:6px; padding:2px 6px;
  overflow-wrap:anywhere;
  -webkit-box-decoration-break:clone; box-decoration-break:clone; }
.bar { display:flex; align-items:center; gap:16px; height:52px; padding:0 20px; background:var(--navy); color:#fff; }
.bar b { font-size:18px; } .bar > span { color:#aab2c2; } .bar i { flex:1; }
.bar .clock { color:#fff; font-weight:700; font-variant-numeric:tabular-nums; }
.bar form { margin:0; }
main { max-width:1360px; margin:0 auto; padding:16px; }
.tiles { display:grid; grid-template-columns:repeat(5,1fr); gap:12px; margin:0 0 12px; }
.tile { background:var(--card); border:1px solid var(--line); border-radius:14px; padding:14px 20px; }
.tile dt { color:var(--mute); font-size:14px; }
.tile dd { margin:2px 0 0; font-size:28px; line-height:1.2; letter-spacing:-.01em; font-variant-numeric:tabular-nums; }
.tile.big { background:var(--teal); border-color:var(--teal); color:#fff; } .tile.big dt { color:#cdeae5; }
.columns { display:grid; grid-template-columns:minmax(0,1fr) 360px; gap:12px; align-items:start; }
aside { display:grid; gap:12px; }
.card { background:var(--card); border:1px solid var(--line); border-radius:14px; overflow:hidden; }
.card > header { display:flex; align-items:center; gap:12px; padding:14px 20px; border-bottom:1px solid var(--line); }
h2 { margin:0; font-size:18px; }
.count { background:#eef0f5; color:#3d4656; border-radius:999px; padding:2px 12px; font-size:13px; font-weight:700; }
.aside { margin-left:auto; color:var(--mute); font-size:14px; }
.scroll { overflow-x:auto; }
table { width:100%; border-collapse:collapse; }
th { text-align:left; color:var(--mute); font-size:13px; font-weight:500; padding:10px 12px; border-bottom:1px solid var(--line); }
td { padding:9px 12px; border-bottom:1px solid var(--line); vertical-align:middle; }
th:first-child, td:first-child { padding-left:20px; } th:last-child, td:last-child { padding-right:20px; }
tr:last-child td { border-bottom:0; } tbody tr:hover { background:#f8fafb; }
td b { display:block; } td span { color:var(--mute); font-size:13px; }
td.when, td.amount { white-space:nowrap; font-variant-numeric:tabular-nums; }
td.member { color:var(--mute); white-space:nowrap; }
.amount { text-align:right; } td.amount { font-size:17px; font-weight:700; }
td .chip { display:inline-block; border-radius:8px; padding:3px 10px; font-size:13px; font-weight:700; background:#eef0f5;
  color:#3d4656; white-space:nowrap; }
td .chip.sale { background:var(--mint); color:var(--teal); }
td .chip.member { background:#fff3d6; color:#8a5a06; }
td .chip.back { background:#fde8e6; color:var(--red); }
td .chip.parked { background:var(--amber-dark); color:var(--amber); }
td .note { display:block; }
.tills { list-style:none; margin:0; padding:0 20px; }
.tills li { display:flex; align-items:center; gap:14px; padding:11px 0; border-bottom:1px solid var(--line); }
.tills li:last-child { border-bottom:0; }
.tills div { flex:1; min-width:0; } .tills b { display:block; overflow-wrap:anywhere; }
.tills div span { color:var(--mute); font-size:13px; }
.lane { background:var(--mint); color:var(--teal); font-weight:700; border-radius:10px; padding:8px 10px; min-width:48px; text-align:center; }
.pill { border-radius:999px; padding:3px 12px; font-size:13px; font-weight:700; white-space:nowrap; }
.pill.on { background:var(--mint); color:var(--teal); } .pill.off { background:#eef0f5; color:var(--mute); }
.bar .pill.dark { background:#1d2940; color:#c9d3e6; }
.empty, .text { margin:0; padding:14px 20px; color:var(--mute); } .text + .text { padding-top:0; }
.alert { margin:0 0 12px; background:#fff3d6; color:#6b4704; border:1px solid #f3dca5; border-radius:12px; padding:10px 16px; }
button, a.primary { font:inherit; font-weight:700; cursor:pointer; border:0; border-radius:12px; }
button.quiet { background:none; color:#fff; padding:8px 0; }
button.quiet:hover { text-decoration:underline; }
.primary { display:block; width:100%; margin-top:16px; padding:14px; background:var(--teal); color:#fff; font-size:17px;
  text-align:center; text-decoration:none; }
.primary:hover { background:#0c6259; }
:focus-visible { outline:3px solid #5cc9bb; outline-offset:2px; }
.single { min-height:100vh; display:grid; place-items:center; }
.door { width:min(440px,100%); padding:32px; box-shadow:0 12px 40px rgba(16,20,31,.08); }
.brand { display:flex; align-items:center; gap:12px; font-weight:700; color:var(--teal); font-size:18px; }
h1 { margin:18px 0 12px; font-size:30px; letter-spacing:-.02em; }
label { display:block; color:var(--mute); margin-bottom:6px; }
input[type=password] { width:100%; font:inherit; font-size:17px; padding:13px 14px; border:1px solid #c9cfdb; border-radius:12px; background:#fff; }
.hint { color:var(--mute); margin:16px 0 0; } .secret code { display:block; padding:14px; font-size:15px; }
@media (max-width:1000px) { .columns { grid-template-columns:minmax(0,1fr); } .tiles { grid-template-columns:repeat(2,1fr); } .tile.big { grid-column:1 / -1; } }
@media (max-width:620px) { td.place, th:nth-child(4), td.member, th:nth-child(5), .bar > span { display:none; } main { padding:10px; } }
)css";
}

std::string_view Icon() {
  return R"svg(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><rect width="36" height="36" rx="9" fill="#10766c"/><path d="M9 10v16M13 10v16M16 10v16M20 10v16M22 10v16M27 10v16" stroke="#fff" stroke-width="2"/><path d="M8 29h20" stroke="#8fd8cd" stroke-width="2" stroke-linecap="round"/></svg>
)svg";
}

}  // namespace evertill::server::web

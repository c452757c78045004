package dev.migrator.test.rehearsal;

/** How a report looks. */
final class HtmlStyle {

  static final String CSS =
      """
      :root { color-scheme: light dark; --ink: #1d2430; --soft: #5b6675; --paper: #fff; --card: #f4f6f9; --line: #dbe1e8;
        --everybody: #c62f3b; --writes: #dd7412; --rows: #d6a800; --nobody: #6f8fb3; }
      @media (prefers-color-scheme: dark) {
        :root { --ink: #e6eaf0; --soft: #9aa6b5; --paper: #14181f; --card: #1d232c; --line: #323b48; } }
      * { box-sizing: border-box; }
      body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
      main { max-width: 1100px; margin: 0 auto; padding: 28px 20px 60px; }
      h1 { font-size: 24px; margin: 0 0 18px; } h1 code { font-size: 22px; }
      h2 { font-size: 18px; margin: 34px 0 8px; } h3 { font-size: 14px; margin: 22px 0 6px; color: var(--soft); }
      code, pre { font-family: ui-monospace, Menlo, Consolas, monospace; }
      .figures { display: flex; flex-wrap: wrap; gap: 10px; margin: 0; }
      .figures div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 8px 14px; }
      .figures dt { font-size: 12px; color: var(--soft); } .figures dd { margin: 0; font-weight: 600; }
      .note { background: #fff3cd; color: #664d03; border-radius: 8px; padding: 8px 14px; }
      .findings { list-style: none; padding: 0; } .findings li { border-left: 4px solid; padding: 4px 12px; margin: 8px 0; }
      .findings .fails { border-color: var(--everybody); } .findings .well { border-color: #3f9c6a; } .findings .once { border-color: var(--rows); }
      .timeline { display: flex; gap: 2px; border-radius: 8px; overflow: hidden; }
      .timeline a { flex-basis: 112px; flex-shrink: 0; min-width: 0; padding: 8px 9px; color: inherit; text-decoration: none; background: var(--card);
        border-top: 5px solid; font-size: 12px; overflow-wrap: break-word; } .timeline b { display: block; }
      a.everybody { border-color: var(--everybody); } a.writes { border-color: var(--writes); }
      a.rows { border-color: var(--rows); } a.nobody { border-color: var(--nobody); }
      .legend { font-size: 12px; color: var(--soft); } .legend .key { margin-left: 14px; } .legend .key:first-child { margin-left: 0; }
      .key { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 6px; }
      .key.everybody, .bar.everybody { background: var(--everybody); } .key.writes, .bar.writes { background: var(--writes); }
      .key.rows, .bar.rows { background: var(--rows); } .key.nobody, .bar.nobody { background: var(--nobody); }
      .sums, .growth { color: var(--soft); margin: 0 0 8px; font-size: 13px; } .growth b { color: var(--ink); }
      .locks { display: grid; grid-template-columns: minmax(200px, max-content) 1fr max-content; gap: 5px 12px; align-items: center; margin: 10px 0 12px;
        font-size: 12px; }
      .locks .name { font-weight: 600; } .locks .name span { color: var(--soft); font-weight: 400; }
      .track { position: relative; height: 14px; background: var(--card); border-radius: 4px; }
      .bar { position: absolute; top: 0; height: 14px; min-width: 3px; border-radius: 4px; }
      .many .bar { background-image: repeating-linear-gradient(90deg, transparent 0 5px, rgb(255 255 255 / .4) 5px 7px); }
      .held { text-align: right; font-variant-numeric: tabular-nums; }
      .statement { border: 1px solid var(--line); border-radius: 8px; margin: 0 0 8px; overflow: hidden; }
      .statement pre { margin: 0; padding: 8px 12px; background: var(--card); font-size: 12px; white-space: pre-wrap; overflow-wrap: anywhere; }
      .statement p { margin: 4px 12px; font-size: 13px; } .work { font-weight: 600; }
      @media (max-width: 640px) { .timeline { flex-direction: column; } .timeline a { flex-basis: auto; } .locks { grid-template-columns: 1fr; } }
      """;

  private HtmlStyle() {}
}

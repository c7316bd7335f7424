<!DOCTYPE html>
<html lang="en" data-theme="dark">
<head>
<meta charset="utf-8">
<title>Energy Exchange</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="Main Controller: the state of a cluster of APIS nodes, live">
<link rel="icon" href="img/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="css/layers.css">
<link rel="preload" href="css/jquery-ui.css" as="style">
<link rel="preload" href="css/theme.css" as="style">
<link rel="preload" href="css/main.css" as="style">
<link rel="preload" href="css/deals.css" as="style">
<link rel="preload" href="css/head.css" as="style">
<link rel="preload" href="css/energy.css" as="style">
<link rel="preload" href="css/detail.css" as="style">
<link rel="preload" href="css/panels.css" as="style">
<link rel="preload" href="css/filter.css" as="style">
<link rel="preload" href="css/controls.css" as="style">
<link rel="preload" href="css/converter.css" as="style">
<link rel="preload" href="css/dialog.css" as="style">
<link rel="preload" href="css/widths.css" as="style">
<link rel="preload" href="css/print.css" as="style">
<link rel="preload" href="css/states.css" as="style">
<script src="js/theme.js"></script>
<script src="js/stop.js"></script>
<script src="js/jquery.js" defer></script>
<script src="js/jquery-ui.js" defer></script>
% for module in modules:
<link rel="modulepreload" href="js/{{module}}">
% end
<script src="js/main.js" type="module"></script>
<link rel="preload" href="get/logInfo" as="fetch" crossorigin>
<link rel="preload" href="get/dealsInfo" as="fetch" crossorigin>
</head>
<body data-demo="{{'true' if demo else 'false'}}" data-poll-ms="{{poll_ms}}" data-dvg-max="{{dvg_max}}" data-dig-max="{{dig_max}}">
<a class="skip" href="#panels">Skip to the nodes</a>
<header class="masthead">
% if demo:
  <p class="demo" id="demo-banner"><strong>DEMO</strong> Not a real plant: its clocks run fast</p>
% end
  <div class="head" id="head">
    <h1 id="title">Energy Exchange</h1>
    <ul class="chips" aria-label="The cluster in brief">
      <li class="chip" id="chip-mode"><strong id="chip-mode-word">--</strong> <span id="chip-mode-detail" class="muted"></span></li>
      <li class="chip" id="chip-fresh" data-kind="waiting"><span class="lamp" aria-hidden="true"></span><span id="chip-fresh-text">Waiting for data</span> <span id="chip-fresh-detail" class="amber"></span></li>
      <li class="chip"><span id="chip-deals">-- deals</span> <strong id="chip-power">--</strong></li>
      <li class="chip" id="chip-bus-whole"><span class="muted">Bus</span> <strong id="chip-bus">--</strong> <span id="chip-bus-note" class="amber"></span></li>
    </ul>
    <div class="bus-field" id="bus-field">
      <label>Bus voltage <input id="bus-voltage" inputmode="decimal" autocomplete="off" spellcheck="false" value="350" required aria-describedby="bus-why"> V</label>
      <span id="bus-why" class="unseen amber">from 0 to {{dvg_max}} V, for converter commands</span>
    </div>
    <button type="button" class="icon-button" id="theme" aria-label="Change to the light theme" title="Light or dark">
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" focusable="false"><circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor"/></svg>
    </button>
  </div>
  <p id="renewal" class="renewal" role="status" hidden>Main Controller has restarted with another version or other settings. <button type="button" class="button" id="renewal-reload">Reload this page</button></p>
  <p id="page-trouble" class="left-running" role="alert" hidden></p>
  <p id="notices" class="renewal" role="status" hidden></p>
  <p id="left-running" class="left-running" role="alert" hidden></p>
  <div class="band band-head" hidden><span class="band-sign" aria-hidden="true">!</span><span class="band-text"></span></div>
</header>
<div id="announce" class="unseen" role="status"></div>
<main class="page">
  <aside class="cluster" aria-label="The cluster">
    <section class="card card-mode" aria-labelledby="mode-heading">
      <p class="mode"><span id="mode-heading" class="muted">Global Mode</span> <strong id="mode-word" class="clamp">--</strong> <span id="mode-detail" class="muted clamp"></span></p>
      <div class="row">
        <select id="mode-list" class="grow" aria-label="Global Mode">
          <option value="none">--</option>
          <option value="autonomous">Run</option>
          <option value="heteronomous">Soft Stop</option>
          <option value="stop">Force Stop</option>
          <option value="manual">Manual</option>
        </select>
        <button type="button" class="button" id="mode-set" aria-label="Set the Global Mode">Set</button>
      </div>
      <div class="row row-schedule">
        <p class="schedule grow"><span id="schedule-heading" class="muted">Soft Stop Schedule</span> <span id="schedule-time">--</span> <span id="schedule-detail" class="schedule-detail"></span></p>
        <button type="button" class="button" id="schedule-set" aria-label="Set the Global Soft Stop Schedule">Set</button>
        <button type="button" class="button" id="schedule-clear" aria-label="Clear the Global Soft Stop Schedule">Clear</button>
      </div>
      <p id="schedule-broken" class="amber small" hidden></p>
      <p id="mode-report" class="report" role="status"></p>
    </section>
    <section class="card card-tools" id="tools" aria-label="Tools">
      <div class="row">
        <button type="button" class="button grow" id="shut-down" aria-disabled="true" aria-describedby="shut-down-why">Shut Down</button>
        <button type="button" class="button" id="flush">Flush cache</button>
        <label class="check"><input type="checkbox" id="debug"> debug</label>
      </div>
      <span id="shut-down-why" class="unseen"></span>
      <p id="flush-report" class="report" role="status"></p>
    </section>
    <section class="card card-stop" aria-label="Stop all">
      <button type="button" class="button button-stop" id="stop-all">Stop all</button>
      <p id="stop-report" class="report" role="status"></p>
    </section>
    <section class="card card-deals" aria-labelledby="deals-heading">
      <h2 id="deals-heading">Deals</h2>
      <ul id="deals" class="deals" tabindex="0" aria-labelledby="deals-heading"></ul>
      <p id="deals-note" class="muted">Not known yet.</p>
    </section>
    <section class="card card-last" aria-labelledby="last-heading">
      <h2 id="last-heading">Last commands</h2>
      <ul id="last-commands" tabindex="0" aria-labelledby="last-heading"></ul>
      <p id="last-note" class="muted">Not known yet.</p>
    </section>
    <section class="card card-where" aria-labelledby="where-heading">
      <h2 id="where-heading">Connected to</h2>
      <dl class="where">
        <dt>Data source</dt><dd>{{apis_web}}</dd>
        <dt>Converter commands go to</dt><dd>{{converter_target}}</dd>
      </dl>
    </section>
  </aside>
  <section class="card card-energy" aria-labelledby="energy-heading">
    <h2 id="energy-heading" class="unseen">Energy sharing</h2>
    <div id="energy-head" class="energy-head">
      <form id="find" class="find" role="search" aria-label="Find a node">
        <input id="find-field" type="search" list="find-nodes" placeholder="Find a node" aria-label="Find a node by id or name" autocomplete="off" spellcheck="false">
        <datalist id="find-nodes"></datalist>
      </form>
      <span id="find-note" class="amber small" role="status"></span>
      <span class="zoom" role="group" aria-label="Zoom">
        <button type="button" class="button" id="zoom-in" aria-label="Zoom in" title="Zoom in (+)">+</button>
        <button type="button" class="button" id="zoom-out" aria-label="Zoom out" title="Zoom out (-)" disabled>−</button>
        <button type="button" class="button" id="zoom-fit" aria-label="Fit all" title="Fit all (0, or double click)" disabled>Fit</button>
      </span>
    </div>
    <div id="energy-frame" class="energy-frame">
    <canvas id="energy-still" class="energy-still" aria-hidden="true"></canvas>
    <canvas id="energy" role="group" aria-label="Energy sharing: waiting for data"><ul id="energy-boxes" aria-label="Nodes"></ul><ul id="energy-curves" aria-label="Flows"></ul><p><button type="button" id="energy-hub">Hub</button></p></canvas>
    <div id="energy-tip" class="energy-tip" hidden></div>
    </div>
    <div id="energy-foot" class="energy-foot">
      <div class="band band-energy" hidden><span class="band-sign" aria-hidden="true">!</span><span class="band-text"></span></div>
      <details class="legend" id="legend">
        <summary>What the picture means</summary>
        <ul>
          <li><span class="key key-level" aria-hidden="true"></span>state of charge</li>
          <li><svg class="key-crown" viewBox="0 0 22 11" width="18" height="9" aria-hidden="true" focusable="false"><path d="M0 3 5.7 7.3 11 0l5.3 7.3L22 3l-2.4 8H2.4z"/></svg>holds the bus voltage (CV)</li>
          <li><span class="key key-dots key-deal" aria-hidden="true"></span>deal, from giving to taking</li>
          <li><span class="key key-dots key-pv" aria-hidden="true"></span>from above: PV</li>
          <li><span class="key key-dots key-mains" aria-hidden="true"></span>from the left: mains</li>
          <li><span class="key key-dots key-load" aria-hidden="true"></span>to the right: load</li>
          <li><span class="key key-old" aria-hidden="true"></span>not fresh</li>
          <li><span class="key key-lost" aria-hidden="true"></span>lost</li>
        </ul>
      </details>
      <span id="clock" class="clock">node time --</span>
    </div>
% include("detail.tpl")
  </section>
  <section class="nodes" aria-labelledby="nodes-heading">
    <div class="nodes-head">
      <h2 id="nodes-heading">Nodes <span id="nodes-count" class="muted">0</span></h2>
      <div class="filter" role="search" aria-label="Filter the nodes">
        <input id="filter-text" type="search" placeholder="id or name" aria-label="Filter by id or name" autocomplete="off" spellcheck="false">
        <select id="filter-mode" aria-label="Filter by Effective Mode">
          <option value="">any mode</option>
          <option value="autonomous">Run</option>
          <option value="heteronomous">Soft Stop</option>
          <option value="stop">Force Stop</option>
          <option value="manual">Manual</option>
        </select>
        <button type="button" class="flag" id="filter-deal" aria-pressed="false">In a deal <span class="flag-count">0</span></button>
        <button type="button" class="flag" id="filter-old" aria-pressed="false">Stale or lost <span class="flag-count">0</span></button>
        <button type="button" class="flag" id="filter-master" aria-pressed="false">Grid Master <span class="flag-count">0</span></button>
        <button type="button" class="flag" id="filter-cv" aria-pressed="false">CV <span class="flag-count">0</span></button>
        <button type="button" class="button" id="filter-clear" aria-label="Show all nodes" hidden>All</button>
      </div>
      <label class="sort">Sort
        <select id="filter-sort">
          <option value="id">id</option>
          <option value="name">name</option>
          <option value="charge">lowest charge</option>
          <option value="power">most grid power</option>
          <option value="state">lost, stale first</option>
        </select>
      </label>
    </div>
    <p id="nodes-none" class="muted" role="status">No nodes are known yet.</p>
    <table id="print-nodes" class="print-only"></table>
    <p id="print-when" class="print-only"></p>
    <ul id="panels" class="panels" tabindex="-1"></ul>
  </section>
  <footer class="foot muted">Main Controller {{version}}</footer>
</main>
<noscript><p class="no-script">This page shows live data and needs JavaScript.</p></noscript>
<template id="deal-template">
  <li class="deal">
    <p class="deal-line"><strong class="deal-title clamp" data-text="title"></strong> <span class="deal-power" data-text="power"></span></p>
    <p class="muted clamp"><span data-text="asked"></span> <span class="deal-start" data-text="start"></span> <span class="deal-master">masterDeal</span></p>
  </li>
</template>
<template id="command-template">
  <li class="command">
    <p class="command-asked"><span class="command-sign" data-text="sign" aria-hidden="true"></span><span data-text="asked"></span></p>
    <p class="command-progress clamp" data-text="progress"></p>
    <p class="muted clamp" data-text="when"></p>
  </li>
</template>
<template id="panel-template">
  <li class="panel">
    <div class="panel-head">
      <div class="panel-line"><h3 data-text="name"></h3><span class="panel-state" data-text="state"></span></div>
      <p class="panel-line"><span class="muted" data-text="address"></span><span class="badges"><span class="badge badge-master">Grid Master</span><span class="badge badge-cv">holds the bus</span></span></p>
      <p class="left-running" data-text="running"></p>
    </div>
  </li>
</template>
<template id="panel-body-template">
  <div class="panel-body">
    <dl class="facts">
      <div><dt>Effective Mode</dt><dd data-text="effective"></dd></div>
      <div><dt>Local Mode</dt><dd data-text="local"></dd></div>
      <div><dt>Node time</dt><dd class="node-clock" data-text="time"></dd></div>
    </dl>
    <div class="row">
      <select class="local-list grow">
        <option value="none">--</option>
        <option value="clear">( clear )</option>
        <option value="heteronomous">Soft Stop</option>
        <option value="stop">Force Stop</option>
      </select>
      <button type="button" class="button" data-do="local-set">Set</button>
      <button type="button" class="button" data-do="shut-down">Shut Down</button>
    </div>
    <div class="row row-schedule">
      <p class="schedule grow"><span class="muted">Soft Stop Schedule</span> <span class="schedule-time">--</span> <span class="schedule-detail"></span></p>
      <button type="button" class="button" data-do="schedule-set">Set</button>
      <button type="button" class="button" data-do="schedule-clear">Clear</button>
    </div>
    <span class="why unseen"></span>
    <p class="report" role="status"></p>
    <div class="converter">
      <p class="converter-now"><span class="muted">Converter</span> <strong data-text="converter"></strong></p>
      <button type="button" class="button" data-do="refresh">Refresh</button>
      <fieldset>
        <legend class="unseen">Converter control</legend>
        <div class="choices">
          <label><input type="radio" value="stopped"> <span>Stopped</span></label>
          <label><input type="radio" value="voltage"> <span>Voltage control</span></label>
          <label><input type="radio" value="current"> <span>Current control</span></label>
        </div>
        <label class="amperes">Grid current <input class="grid-current" inputmode="decimal" autocomplete="off" spellcheck="false"> A</label>
      </fieldset>
      <button type="button" class="button converter-set" data-do="converter-set">Set</button>
    </div>
    <div class="points" hidden>
      <p class="muted">Points to Note</p>
      <ol>
        <li>Operate from the <abbr title="Voltage control">CV</abbr> side first.</li>
        <li>CV Grid current larger than <abbr title="Current control">CC</abbr>'s.</li>
        <li>CC only once the bus voltage is stable.</li>
        <li>Stop on the CC side.</li>
      </ol>
      <p class="muted">Current control: + takes energy from the bus, - gives.</p>
    </div>
    <dl class="readings">
      <div><dt>Grid power</dt><dd data-text="wg"></dd></div>
      <div><dt>Grid current</dt><dd data-text="ig"></dd></div>
      <div><dt>Grid voltage</dt><dd data-text="vg"></dd></div>
      <div><dt>Battery power</dt><dd data-text="wb"></dd></div>
      <div><dt>Battery current</dt><dd data-text="ib"></dd></div>
      <div><dt>Battery voltage</dt><dd data-text="vb"></dd></div>
    </dl>
    <div class="battery">
      <span>Battery Status</span>
      <div class="bar" aria-hidden="true"><div class="bar-fill"></div></div>
      <strong data-text="rsoc"></strong>
    </div>
    <dl class="extra">
      <div><dt>Operating power</dt><dd data-text="operating"></dd></div>
      <div><dt>Charge discharge power</dt><dd data-text="chargeDischarge"></dd></div>
      <div><dt>PVC charge power</dt><dd data-text="pv"></dd></div>
      <div><dt>P1: total elec demand</dt><dd data-text="p1"></dd></div>
      <div><dt>P2: UPS input power</dt><dd data-text="p2"></dd></div>
      <div><dt>UPS output power</dt><dd data-text="ups"></dd></div>
      <div><dt>Converter error</dt><dd data-text="converterError"></dd></div>
      <div><dt>EMU error</dt><dd data-text="emuError"></dd></div>
    </dl>
  </div>
</template>
<template id="schedule-template">
  <form class="schedule-form" novalidate>
    <fieldset>
      <legend>Schedule</legend>
      <input name="year" class="four" inputmode="numeric" maxlength="4" autocomplete="off" aria-label="Year"><span>-</span><input name="month" inputmode="numeric" maxlength="2" autocomplete="off" aria-label="Month"><span>-</span><input name="day" inputmode="numeric" maxlength="2" autocomplete="off" aria-label="Day"><span class="gap"></span><input name="hour" inputmode="numeric" maxlength="2" autocomplete="off" aria-label="Hour"><span>:</span><input name="minute" inputmode="numeric" maxlength="2" autocomplete="off" aria-label="Minute">
    </fieldset>
    <label class="native">or choose <input type="datetime-local" name="native"></label>
    <fieldset class="schedule-which" hidden>
      <legend>This hour comes twice that day</legend>
      <label><input type="radio" name="which" value="first"> <span></span></label>
      <label><input type="radio" name="which" value="second"> <span></span></label>
    </fieldset>
    <p class="schedule-remark amber" role="status"></p>
    <p class="schedule-told" role="status"></p>
    <button type="submit" class="unseen" tabindex="-1" aria-hidden="true">Set</button>
  </form>
</template>
<div id="tip" class="tip" role="tooltip" hidden></div>
</body>
</html>

<!DOCTYPE html>
<html lang="en" data-theme="dark">
<head>
<meta charset="utf-8">
<title>Energy Exchange</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="Main Controller: the state of a cluster of APIS nodes, live">
<link rel="icon" href="img/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="css/theme.css">
<link rel="stylesheet" href="css/main.css">
<link rel="stylesheet" href="css/head.css">
<link rel="stylesheet" href="css/panels.css">
<link rel="stylesheet" href="css/widths.css">
<script src="js/theme.js"></script>
<script src="js/jquery.js" defer></script>
<script src="js/main.js" type="module"></script>
</head>
<body data-demo="{{'true' if demo else 'false'}}" data-poll-ms="{{poll_ms}}" data-version="{{version}}">
<a class="skip" href="#panels">Skip to the nodes</a>
<div class="masthead">
% if demo:
  <p class="demo" id="demo-banner"><strong>DEMO</strong> A simulated cluster, not a real plant</p>
% end
  <header class="head">
    <h1 id="title">Energy Exchange</h1>
    <ul class="chips" aria-label="The cluster in brief">
      <li class="chip"><strong id="chip-mode-word">--</strong> <span id="chip-mode-detail" class="muted"></span></li>
      <li class="chip" id="chip-fresh" data-kind="waiting"><span class="lamp" aria-hidden="true"></span><span id="chip-fresh-text">Waiting for data</span> <span id="chip-fresh-detail" class="amber"></span></li>
      <li class="chip chip-more"><span id="chip-deals">-- deals</span> <strong id="chip-power">--</strong></li>
      <li class="chip chip-more"><span class="muted">Bus</span> <strong id="chip-bus">--</strong></li>
    </ul>
    <button type="button" class="icon-button" id="theme" aria-label="Change to the light theme" title="Light or dark">
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" focusable="false"><circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor"/></svg>
    </button>
  </header>
  <div class="band band-head" hidden><span class="band-sign" aria-hidden="true">!</span><span class="band-text"></span></div>
</div>
<div id="announce" class="unseen" role="status"></div>
<main class="page">
  <aside class="cluster" aria-label="The cluster">
    <section class="card card-mode" aria-labelledby="mode-heading">
      <h2 id="mode-heading">Global Mode</h2>
      <p class="mode"><strong id="mode-word" class="clamp">--</strong> <span id="mode-detail" class="muted clamp"></span></p>
    </section>
    <section class="card card-deals" aria-labelledby="deals-heading">
      <h2 id="deals-heading">Deals</h2>
      <ul id="deals" class="deals"></ul>
      <p id="deals-note" class="muted">Not known yet.</p>
    </section>
    <section class="card card-where" aria-labelledby="where-heading">
      <h2 id="where-heading">Connected to</h2>
      <dl class="where">
        <dt>apis-web shown</dt><dd>{{apis_web}}</dd>
        <dt>Converter commands would go to</dt><dd>{{converter_target}}</dd>
      </dl>
    </section>
  </aside>
  <section class="card card-energy" aria-labelledby="energy-heading">
    <h2 id="energy-heading" class="unseen">Energy sharing</h2>
    <canvas id="energy" role="group" aria-label="Energy sharing: waiting for data"><ul id="energy-boxes" aria-label="Nodes"></ul><ul id="energy-curves" aria-label="Flows"></ul></canvas>
    <div class="energy-foot">
      <ul class="legend" aria-label="What the picture means">
        <li><span class="key key-level" aria-hidden="true"></span>state of charge</li>
        <li><svg class="key-crown" viewBox="0 0 22 11" width="18" height="9" aria-hidden="true" focusable="false"><path d="M0 3 5.7 7.3 11 0l5.3 7.3L22 3l-2.4 8H2.4z"/></svg>holds the bus voltage (CV)</li>
        <li><span class="key key-dots" aria-hidden="true"></span>energy, from green to white</li>
        <li><span class="key key-lost" aria-hidden="true"></span>lost</li>
        <li><span class="key key-old" aria-hidden="true"></span>not fresh</li>
      </ul>
      <span id="clock" class="clock">node time --</span>
    </div>
    <div class="band band-energy" hidden><span class="band-sign" aria-hidden="true">!</span><span class="band-text"></span></div>
  </section>
  <section class="nodes" aria-labelledby="nodes-heading">
    <h2 id="nodes-heading">Nodes <span id="nodes-count" class="muted">0</span></h2>
    <p id="nodes-none" class="muted">No nodes are known yet.</p>
    <ul id="panels" class="panels" tabindex="-1"></ul>
  </section>
  <footer class="foot muted">Main Controller {{version}}</footer>
</main>
<noscript><p class="no-script">This page shows live data and needs JavaScript.</p></noscript>
<template id="deal-template">
  <li class="deal">
    <p class="deal-title clamp"><strong data-text="title"></strong></p>
    <p class="muted clamp"><span data-text="asked"></span> <span class="deal-master">masterDeal</span></p>
    <p class="deal-line"><span class="muted clamp" data-text="start"></span> <span class="deal-power" data-text="power"></span></p>
  </li>
</template>
<template id="panel-template">
  <li class="panel">
    <div class="panel-head">
      <p class="panel-line"><span class="muted" data-text="address"></span><span class="panel-state" data-text="state"></span></p>
      <h3 data-text="name"></h3>
      <p class="badges"><span class="badge badge-master">Grid Master</span><span class="badge badge-cv">holds the bus</span></p>
    </div>
    <dl class="facts">
      <dt>Effective Mode</dt><dd data-text="effective"></dd>
      <dt>Local Mode</dt><dd data-text="local"></dd>
      <dt>Converter</dt><dd data-text="converter"></dd>
      <dt>Node time</dt><dd data-text="time"></dd>
    </dl>
    <dl class="readings">
      <div><dt>Grid power</dt><dd data-text="wg"></dd></div>
      <div><dt>Grid current</dt><dd data-text="ig"></dd></div>
      <div><dt>Grid voltage</dt><dd data-text="vg"></dd></div>
      <div><dt>Battery power</dt><dd data-text="wb"></dd></div>
      <div><dt>Battery current</dt><dd data-text="ib"></dd></div>
      <div><dt>Battery voltage</dt><dd data-text="vb"></dd></div>
    </dl>
    <div class="battery">
      <p><span>Battery Status</span> <strong data-text="rsoc"></strong></p>
      <div class="bar" aria-hidden="true"><div class="bar-fill"></div></div>
    </div>
  </li>
</template>
</body>
</html>

<!DOCTYPE html>
<html lang="{{lang}}" data-theme="dark">
<head>
<meta charset="utf-8">
<title>{{t("cluster.title")}}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{{t("page.description")}}">
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
<script type="application/json" id="words">{{!words}}</script>
<script type="application/json" id="commands">{{!commands}}</script>
<script src="js/theme.js"></script>
<script src="js/stop.js"></script>
<script src="js/jquery.js" defer></script>
<script src="js/jquery-ui.js" defer></script>
% for module in modules:
<link rel="modulepreload" href="js/{{module}}">
% end
<script src="js/main.js" type="module"></script>
<link rel="preload" href="get/picture" as="fetch" crossorigin>
</head>
<body data-demo="{{'true' if demo else 'false'}}" data-page="{{tag}}" data-poll-ms="{{poll_ms}}">
<a class="skip" href="#panels">{{t("page.skip")}}</a>
<header class="masthead">
% if demo:
  <p class="demo" id="demo-banner"><strong>{{t("page.demo_sign")}}</strong> {{t("page.demo")}}</p>
% end
  <div class="head" id="head">
    <h1 id="title">{{t("cluster.title")}}</h1>
    <ul class="chips" aria-label="{{t("page.brief")}}">
      <li class="chip" id="chip-mode" data-old-word="{{t("page.stale_mark")}}"><strong id="chip-mode-word">--</strong> <span id="chip-mode-detail" class="muted"></span></li>
      <li class="chip" id="chip-fresh" data-kind="waiting"><span class="lamp" aria-hidden="true"></span><span id="chip-fresh-text">{{t("fresh.waiting")}}</span> <span id="chip-fresh-detail" class="amber"></span></li>
      <li class="chip"><span id="chip-deals">{{t("page.chip_deals")}}</span> <strong id="chip-power">--</strong></li>
      <li class="chip" id="chip-bus-whole"><span class="muted">{{t("page.bus")}}</span> <strong id="chip-bus" data-old-word="{{t("page.stale_mark")}}">--</strong> <span id="chip-bus-note" class="amber"></span></li>
    </ul>
    <div class="bus-field" id="bus-field">
      <label>{{t("page.bus_voltage")}} <input id="bus-voltage" inputmode="decimal" autocomplete="off" spellcheck="false" value="350" required aria-describedby="bus-why"> V</label>
      <span id="bus-why" class="unseen amber">{{t("page.bus_range", most=dvg_max)}}</span>
    </div>
    <button type="button" class="icon-button" id="theme" aria-label="{{t("theme.light")}}" title="{{t("page.theme")}}">
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" focusable="false"><circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor"/></svg>
    </button>
  </div>
  <p id="reload" class="notice" role="status" hidden>{{t("page.restarted")}} <button type="button" class="button" id="reload-now">{{t("page.reload")}}</button></p>
  <p id="page-trouble" class="left-running" role="alert" hidden></p>
  <p id="notices" class="notice" role="status" hidden></p>
  <p id="left-running" class="left-running" role="alert" hidden></p>
  <div class="band band-head" hidden><span class="band-sign" aria-hidden="true">!</span><span class="band-text"></span></div>
</header>
<div id="announce" class="unseen" role="status"></div>
<main class="page">
  <aside class="cluster" aria-label="{{t("page.cluster")}}">
    <section class="card card-mode" aria-labelledby="mode-heading">
      <p class="mode"><span id="mode-heading" class="muted">{{t("page.global_mode")}}</span> <strong id="mode-word" class="clamp">--</strong> <span id="mode-detail" class="muted clamp"></span></p>
      <div class="row">
        <select id="mode-list" class="grow" aria-label="{{t("page.global_mode")}}">
          <option value="none">--</option>
% for mode in ("autonomous", "heteronomous", "stop", "manual"):
          <option value="{{mode}}">{{t(f"mode.{mode}.choice")}}</option>
% end
        </select>
        <button type="button" class="button" id="mode-set" aria-label="{{t("page.set_global_mode")}}">{{t("page.set")}}</button>
      </div>
      <div class="row row-schedule">
        <p class="schedule grow"><span id="schedule-heading" class="muted">{{t("page.schedule")}}</span> <span id="schedule-time">--</span> <span id="schedule-detail" class="schedule-detail"></span></p>
        <button type="button" class="button" id="schedule-set" aria-label="{{t("page.set_schedule")}}">{{t("page.set")}}</button>
        <button type="button" class="button" id="schedule-clear" aria-label="{{t("page.clear_schedule")}}">{{t("page.clear")}}</button>
      </div>
      <p id="schedule-broken" class="amber small" hidden></p>
      <p id="mode-report" class="report" role="status"></p>
    </section>
    <section class="card card-tools" id="tools" aria-label="{{t("page.tools")}}">
      <div class="row">
        <button type="button" class="button grow" id="shut-down" aria-disabled="true" aria-describedby="shut-down-why">{{t("page.shut_down")}}</button>
        <button type="button" class="button" id="flush">{{t("page.flush")}}</button>
        <label class="check"><input type="checkbox" id="debug"> {{t("page.debug")}}</label>
      </div>
      <span id="shut-down-why" class="unseen"></span>
      <p id="flush-report" class="report" role="status"></p>
    </section>
    <section class="card card-stop" aria-label="{{t("page.stop_all")}}">
      <button type="button" class="button button-stop" id="stop-all">{{t("page.stop_all")}}</button>
      <p id="stop-report" class="report" role="status"></p>
    </section>
    <section class="card card-deals" aria-labelledby="deals-heading">
      <h2 id="deals-heading">{{t("page.deals")}}</h2>
      <ul id="deals" class="deals" tabindex="0" aria-labelledby="deals-heading"></ul>
      <p id="deals-note" class="muted">{{t("page.unknown")}}</p>
    </section>
    <section class="card card-last" aria-labelledby="last-heading">
      <h2 id="last-heading">{{t("page.last_commands")}}</h2>
      <ul id="last-commands" tabindex="0" aria-labelledby="last-heading"></ul>
      <p id="last-note" class="muted">{{t("page.unknown")}}</p>
    </section>
    <section class="card card-where" aria-labelledby="where-heading">
      <h2 id="where-heading">{{t("page.connected")}}</h2>
      <dl class="where">
        <dt>{{t("page.source")}}</dt><dd>{{apis_web}}</dd>
        <dt>{{t("page.target")}}</dt><dd>{{converter_target}}</dd>
      </dl>
      <label class="language"><span class="muted">{{t("page.language")}}</span>
        <select id="language">
% for code, name in languages:
          <option value="{{code}}" lang="{{code}}" {{!"selected" if code == lang else ""}}>{{name}}</option>
% end
        </select>
      </label>
    </section>
  </aside>
  <section class="card card-energy" aria-labelledby="energy-heading">
    <h2 id="energy-heading" class="unseen">{{t("page.energy")}}</h2>
    <div id="energy-head" class="energy-head">
      <form id="find" class="find" role="search" aria-label="{{t("page.find")}}">
        <input id="find-field" type="search" list="find-nodes" placeholder="{{t("page.find")}}" aria-label="{{t("page.find_by")}}" autocomplete="off" spellcheck="false">
        <datalist id="find-nodes"></datalist>
      </form>
      <span id="find-note" class="amber small" role="status"></span>
      <span class="zoom" role="group" aria-label="{{t("page.zoom")}}">
        <button type="button" class="button" id="zoom-in" aria-label="{{t("page.zoom_in")}}" title="{{t("page.zoom_in_key")}}">+</button>
        <button type="button" class="button" id="zoom-out" aria-label="{{t("page.zoom_out")}}" title="{{t("page.zoom_out_key")}}" disabled>−</button>
        <button type="button" class="button" id="zoom-fit" aria-label="{{t("page.fit_all")}}" title="{{t("page.fit_key")}}" disabled>{{t("page.fit")}}</button>
      </span>
    </div>
    <div id="energy-frame" class="energy-frame">
    <canvas id="energy-still" class="energy-still" aria-hidden="true"></canvas>
    <canvas id="energy" role="group" aria-label="{{t("page.energy_waiting")}}"><ul id="energy-boxes" aria-label="{{t("page.nodes")}}"></ul><ul id="energy-curves" aria-label="{{t("page.flows")}}"></ul><p><button type="button" id="energy-hub">{{t("page.hub")}}</button></p></canvas>
    <div id="energy-tip" class="energy-tip" hidden></div>
    </div>
    <div id="energy-foot" class="energy-foot">
      <div class="band band-energy" hidden><span class="band-sign" aria-hidden="true">!</span><span class="band-text"></span></div>
      <details class="legend" id="legend">
        <summary>{{t("page.legend")}}</summary>
        <ul>
          <li><span class="key key-level" aria-hidden="true"></span>{{t("page.legend_level")}}</li>
          <li><svg class="key-crown" viewBox="0 0 22 11" width="18" height="9" aria-hidden="true" focusable="false"><path d="M0 3 5.7 7.3 11 0l5.3 7.3L22 3l-2.4 8H2.4z"/></svg>{{t("page.legend_crown")}}</li>
          <li><span class="key key-dots key-deal" aria-hidden="true"></span>{{t("page.legend_deal")}}</li>
          <li><span class="key key-dots key-pv" aria-hidden="true"></span>{{t("page.legend_pv")}}</li>
          <li><span class="key key-dots key-mains" aria-hidden="true"></span>{{t("page.legend_mains")}}</li>
          <li><span class="key key-dots key-load" aria-hidden="true"></span>{{t("page.legend_load")}}</li>
          <li><span class="key key-old" aria-hidden="true"></span>{{t("page.legend_old")}}</li>
          <li><span class="key key-lost" aria-hidden="true"></span>{{t("page.legend_lost")}}</li>
        </ul>
      </details>
      <span id="clock" class="clock">{{t("page.clock")}}</span>
    </div>
% include("detail.tpl")
  </section>
  <section class="nodes" aria-labelledby="nodes-heading">
    <div class="nodes-head">
      <h2 id="nodes-heading">{{t("page.nodes")}} <span id="nodes-count" class="muted">0</span></h2>
      <div class="filter" role="search" aria-label="{{t("page.filter")}}">
        <input id="filter-text" type="search" placeholder="{{t("page.filter_text")}}" aria-label="{{t("page.filter_by")}}" autocomplete="off" spellcheck="false">
        <select id="filter-mode" aria-label="{{t("page.filter_mode")}}">
          <option value="">{{t("page.any_mode")}}</option>
% for mode in ("autonomous", "heteronomous", "stop", "manual"):
          <option value="{{mode}}">{{t(f"mode.{mode}.choice")}}</option>
% end
        </select>
        <button type="button" class="flag" id="filter-deal" aria-pressed="false">{{t("page.filter_deal")}} <span class="flag-count">0</span></button>
        <button type="button" class="flag" id="filter-old" aria-pressed="false">{{t("page.filter_old")}} <span class="flag-count">0</span></button>
        <button type="button" class="flag" id="filter-master" aria-pressed="false">{{t("page.master")}} <span class="flag-count">0</span></button>
        <button type="button" class="flag" id="filter-cv" aria-pressed="false">{{t("page.cv")}} <span class="flag-count">0</span></button>
        <button type="button" class="button" id="filter-clear" aria-label="{{t("page.show_all")}}" hidden>{{t("page.all")}}</button>
      </div>
      <label class="sort">{{t("page.sort")}}
        <select id="filter-sort">
          <option value="id">{{t("page.sort_id")}}</option>
          <option value="name">{{t("page.sort_name")}}</option>
          <option value="charge">{{t("page.sort_charge")}}</option>
          <option value="power">{{t("page.sort_power")}}</option>
          <option value="state">{{t("page.sort_state")}}</option>
        </select>
      </label>
    </div>
    <p id="nodes-none" class="muted" role="status">{{t("page.no_nodes")}}</p>
    <table id="print-nodes" class="print-only"></table>
    <p id="print-when" class="print-only"></p>
    <ul id="panels" class="panels" tabindex="-1"></ul>
  </section>
  <footer class="foot muted">{{t("page.foot", version=version)}}</footer>
</main>
<noscript><p class="no-script">{{t("page.no_script")}}</p></noscript>
<template id="deal-template">
  <li class="deal">
    <p class="deal-line"><strong class="deal-title clamp" data-text="title"></strong> <span class="deal-power" data-text="power"></span></p>
    <p class="muted clamp"><span data-text="asked"></span> <span class="deal-start" data-text="start"></span> <span class="deal-master">{{t("page.master_deal")}}</span></p>
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
      <p class="panel-line"><span class="muted" data-text="address"></span><span class="badges"><span class="badge badge-master">{{t("page.master")}}</span><span class="badge badge-cv">{{t("page.holds_bus")}}</span></span></p>
      <p class="left-running" data-text="running"></p>
    </div>
  </li>
</template>
<template id="panel-body-template">
  <div class="panel-body">
    <dl class="facts">
      <div><dt>{{t("page.effective_mode")}}</dt><dd data-text="effective"></dd></div>
      <div><dt>{{t("page.local_mode")}}</dt><dd data-text="local"></dd></div>
      <div><dt>{{t("page.node_time")}}</dt><dd class="node-clock" data-text="time"></dd></div>
    </dl>
    <div class="row">
      <select class="local-list grow">
        <option value="none">--</option>
        <option value="clear">{{t("page.clear_local")}}</option>
% for mode in ("heteronomous", "stop"):
        <option value="{{mode}}">{{t(f"mode.{mode}.choice")}}</option>
% end
      </select>
      <button type="button" class="button" data-do="local-set">{{t("page.set")}}</button>
      <button type="button" class="button" data-do="shut-down">{{t("page.shut_down")}}</button>
    </div>
    <div class="row row-schedule">
      <p class="schedule grow"><span class="muted">{{t("page.schedule")}}</span> <span class="schedule-time">--</span> <span class="schedule-detail"></span></p>
      <button type="button" class="button" data-do="schedule-set">{{t("page.set")}}</button>
      <button type="button" class="button" data-do="schedule-clear">{{t("page.clear")}}</button>
    </div>
    <span class="why unseen"></span>
    <p class="report" role="status"></p>
    <div class="converter">
      <p class="converter-now"><span class="muted">{{t("page.converter")}}</span> <strong data-text="converter"></strong></p>
      <button type="button" class="button" data-do="refresh">{{t("page.refresh")}}</button>
      <fieldset>
        <legend class="unseen">{{t("page.converter_control")}}</legend>
        <div class="choices">
          <label><input type="radio" value="stopped"> <span>{{t("converter.stopped")}}</span></label>
          <label><input type="radio" value="voltage"> <span>{{t("converter.voltage")}}</span></label>
          <label><input type="radio" value="current"> <span>{{t("converter.current")}}</span></label>
        </div>
        <label class="amperes">{{t("page.grid_current")}} <input class="grid-current" inputmode="decimal" autocomplete="off" spellcheck="false"> A</label>
      </fieldset>
      <button type="button" class="button converter-set" data-do="converter-set">{{t("page.set")}}</button>
    </div>
    <div class="points" hidden>
      <p class="muted">{{t("page.points")}}</p>
      <ol>
        <li>{{t("page.point_1_before")}} <abbr title="{{t("converter.voltage")}}">{{t("page.cv")}}</abbr> {{t("page.point_1_after")}}</li>
        <li>{{t("page.point_2_before")}} <abbr title="{{t("converter.current")}}">{{t("page.cc")}}</abbr>{{t("page.point_2_after")}}</li>
        <li>{{t("page.point_3")}}</li>
        <li>{{t("page.point_4")}}</li>
      </ol>
      <p class="muted">{{t("page.point_signs")}}</p>
    </div>
    <dl class="readings">
      <div><dt>{{t("page.grid_power")}}</dt><dd data-text="wg"></dd></div>
      <div><dt>{{t("page.grid_current")}}</dt><dd data-text="ig"></dd></div>
      <div><dt>{{t("page.grid_voltage")}}</dt><dd data-text="vg"></dd></div>
      <div><dt>{{t("page.battery_power")}}</dt><dd data-text="wb"></dd></div>
      <div><dt>{{t("page.battery_current")}}</dt><dd data-text="ib"></dd></div>
      <div><dt>{{t("page.battery_voltage")}}</dt><dd data-text="vb"></dd></div>
    </dl>
    <div class="battery">
      <span>{{t("page.battery_status")}}</span>
      <div class="bar" aria-hidden="true"><div class="bar-fill"></div></div>
      <strong data-text="rsoc"></strong>
    </div>
    <dl class="extra">
      <div><dt>{{t("page.operating_power")}}</dt><dd data-text="operating"></dd></div>
      <div><dt>{{t("page.charge_discharge")}}</dt><dd data-text="chargeDischarge"></dd></div>
      <div><dt>{{t("page.pvc")}}</dt><dd data-text="pv"></dd></div>
      <div><dt>{{t("page.p1")}}</dt><dd data-text="p1"></dd></div>
      <div><dt>{{t("page.p2")}}</dt><dd data-text="p2"></dd></div>
      <div><dt>{{t("page.ups")}}</dt><dd data-text="ups"></dd></div>
      <div><dt>{{t("page.converter_error")}}</dt><dd data-text="converterError"></dd></div>
      <div><dt>{{t("page.emu_error")}}</dt><dd data-text="emuError"></dd></div>
    </dl>
  </div>
</template>
<template id="schedule-template">
  <form class="schedule-form" novalidate>
    <fieldset>
      <legend>{{t("page.schedule_legend")}}</legend>
      <input name="year" class="four" inputmode="numeric" maxlength="4" autocomplete="off" aria-label="{{t("page.year")}}"><span>-</span><input name="month" inputmode="numeric" maxlength="2" autocomplete="off" aria-label="{{t("page.month")}}"><span>-</span><input name="day" inputmode="numeric" maxlength="2" autocomplete="off" aria-label="{{t("page.day")}}"><span class="gap"></span><input name="hour" inputmode="numeric" maxlength="2" autocomplete="off" aria-label="{{t("page.hour")}}"><span>:</span><input name="minute" inputmode="numeric" maxlength="2" autocomplete="off" aria-label="{{t("page.minute")}}">
    </fieldset>
    <label class="native">{{t("page.or_choose")}} <input type="datetime-local" name="native"></label>
    <fieldset class="schedule-which" hidden>
      <legend>{{t("page.twice")}}</legend>
      <label><input type="radio" name="which" value="first"> <span></span></label>
      <label><input type="radio" name="which" value="second"> <span></span></label>
    </fieldset>
    <p class="schedule-remark amber" role="status"></p>
    <p class="schedule-told" role="status"></p>
    <button type="submit" class="unseen" tabindex="-1" aria-hidden="true">{{t("page.set")}}</button>
  </form>
</template>
<div id="tip" class="tip" role="tooltip" hidden></div>
</body>
</html>

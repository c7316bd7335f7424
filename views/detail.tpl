    <div id="detail" class="detail" data-state="fresh" hidden>
      <div class="detail-card" role="dialog" aria-labelledby="detail-name">
        <div class="detail-head">
          <h3 id="detail-name" data-text="name"></h3>
          <span class="detail-state" data-text="state"></span>
          <button type="button" class="icon-button detail-close" aria-label="{{t("page.back")}}" title="{{t("page.back_key")}}">×</button>
        </div>
        <div class="detail-body">
          <svg class="detail-node" viewBox="0 0 260 372" role="img" aria-labelledby="detail-name">
            <defs>
              <linearGradient id="run-pv" gradientUnits="userSpaceOnUse" x1="130" y1="144" x2="130" y2="250"><stop class="stop-pale" offset="0"/><stop class="stop-green" offset="1"/></linearGradient>
              <linearGradient id="run-mains" gradientUnits="userSpaceOnUse" x1="56" y1="254" x2="96" y2="254"><stop class="stop-mains" offset="0"/><stop class="stop-green" offset="1"/></linearGradient>
              <linearGradient id="run-load" gradientUnits="userSpaceOnUse" x1="164" y1="254" x2="202" y2="254"><stop class="stop-green" offset="0"/><stop class="stop-pale" offset="1"/></linearGradient>
            </defs>
            <g class="detail-sun"><circle cx="130" cy="38" r="19"/><path d="M130 2v9M130 65v9M94 38h9M157 38h9M104 12l7 7M149 57l7 7M156 12l-7 7M111 57l-7 7"/></g>
            <text class="detail-watts" x="130" y="95" data-text="pv"></text>
            <path class="detail-crown" d="M104 134l-4-22 18 10 12-17 12 17 18-10-4 22z"/>
            <path class="detail-stem" d="M125 142h10v18h-10z"/>
            <path class="detail-line" d="M97 136h66v6h-66z"/>
            <path class="detail-box" d="M97 160h66v108h-66z"/>
            <rect class="detail-level" x="99" y="266" width="62" height="0" data-bottom="266" data-height="104"/>
            <path class="detail-edge" d="M97 160h66v108h-66z"/>
            <g class="detail-pipe">
              <path d="M56 248h41M56 260h41M163 248h38M163 260h38"/>
              <path d="M56 245v18h-6a9 9 0 0 1 0-18zM41 254h-9M50 245v-3M50 266v-3"/>
            </g>
            <g class="detail-person"><circle cx="212" cy="229" r="6"/><path d="M206 238h12a3 3 0 0 1 3 3v17h-4v14h-10v-14h-4v-17a3 3 0 0 1 3-3z"/></g>
            <text class="detail-watts" x="52" y="292" data-text="mains"></text>
            <text class="detail-watts" x="212" y="292" data-text="load"></text>
            <path class="detail-bus" d="M52 336h156"/>
            <path class="detail-drop" d="M130 268v68"/>
            <text class="detail-watts" x="130" y="360"><tspan class="detail-unit">{{t("page.dc_power")}} </tspan><tspan data-text="dc"></tspan></text>
            <g data-flow="pv" class="detail-flow" hidden><path class="run run-pv" d="M130 144v106"/><path class="arrow arrow-pale" d="M124 147l6 9 6-9z"/></g>
            <g data-flow="mains" class="detail-flow" hidden><path class="run run-mains" d="M58 254h38"/><path class="arrow arrow-mains" d="M72 248l9 6-9 6z"/></g>
            <g data-flow="load" class="detail-flow" hidden><path class="run run-load" d="M165 254h36"/><path class="arrow arrow-pale" d="M178 248l9 6-9 6z"/></g>
            <g data-flow="dc" class="detail-flow" hidden><path class="run run-dc" d="M130 334v-66"/><path class="arrow arrow-in" d="M124 306l6-9 6 9z"/><path class="arrow arrow-out" d="M124 297l6 9 6-9z"/></g>
            <text class="detail-percent" x="130" y="190" data-text="percent"></text>
          </svg>
          <div class="detail-told">
            <dl class="detail-facts">
              <div><dt>{{t("page.charge")}}</dt><dd data-text="charge"></dd></div>
              <div><dt>{{t("page.battery_power")}}</dt><dd data-text="battery"></dd></div>
              <div><dt>{{t("page.grid_voltage")}}</dt><dd data-text="bus"></dd></div>
              <div><dt>{{t("page.converter")}}</dt><dd data-text="converter"></dd></div>
              <div><dt>{{t("page.effective_mode")}}</dt><dd data-text="effective"></dd></div>
              <div><dt>{{t("page.node_time")}}</dt><dd data-text="time"></dd></div>
            </dl>
            <ul class="detail-deals" aria-label="{{t("page.its_deals")}}"></ul>
            <div class="history">
              <h4>{{t("page.history")}}</h4>
              <p>{{t("page.no_history")}}</p>
            </div>
            <button type="button" class="button detail-panel">{{t("page.controls")}}</button>
          </div>
        </div>
      </div>
    </div>

// The body map beside the list of items: the list holds the answers, the map shows and sets them.
"use strict";
(() => {
  const on = (node, event, act) => node.addEventListener(event, act);

  function start(map) {
    const form = map.closest("form");
    const regions = [...map.querySelectorAll(".region")];
    const stops = regions.filter((region) => region.tabIndex === 0);
    const aspects = [...map.querySelectorAll(".aspect")];
    const pad = map.querySelector("#map-pad");
    const hint = pad.innerHTML;
    let group = aspects.find((a) => cells(a.dataset.group).some((c) => value(c) === "")) || aspects[0];
    group = group ? group.dataset.group : "0";
    let chosen = null;
    let typed = "";
    map.hidden = false;

    function cells(of) { return [...form.querySelectorAll(`.regions [data-group="${of}"]`)]; }
    function cell(code, of) { return form.querySelector(`.regions [data-region="${code}"][data-group="${of}"]`); }
    function allowed(place) { return [...place.querySelectorAll("input[type=radio]")].map((radio) => radio.value); }
    function value(place) {
      const radio = place.querySelector("input[type=radio]:checked");
      const text = place.querySelector("input:not([type])");
      return radio ? radio.value : text ? text.value.trim() : "";
    }
    function set(place, to) {
      const text = place.querySelector("input:not([type])");
      if (text) text.value = to;
      else for (const radio of place.querySelectorAll("input[type=radio]")) radio.checked = radio.value === to;
      place.dispatchEvent(new Event("change", { bubbles: true }));
    }
    function name(place) { return (place.querySelector("legend") || {}).textContent || place.querySelector("input").getAttribute("aria-label"); }

    function show() {
      for (const region of regions) {
        const place = cell(region.dataset.region, group);
        const now = place ? value(place) : "";
        const high = place ? Number(place.dataset.high) : 0;
        for (const text of region.querySelectorAll("text")) text.textContent = now;
        region.classList.toggle("not-asked", !place);
        region.classList.toggle("chosen", region.dataset.region === chosen);
        delete region.dataset.level;
        if (now !== "" && high) region.dataset.level = Number(now) <= 0 ? 0 : Math.max(1, Math.min(4, Math.ceil((4 * Number(now)) / high)));
        const said = place ? `${name(place)}: ${now === "" ? map.dataset.open : now}` : region.dataset.label;
        region.setAttribute("aria-label", said);
        region.querySelector("title").textContent = said;
      }
      for (const aspect of aspects) aspect.setAttribute("aria-pressed", String(aspect.dataset.group === group));
      for (const row of form.querySelectorAll(".regions tr[data-region]")) row.classList.toggle("here", row.dataset.region === chosen);
      drawPad();
    }

    function drawPad() {
      if (!chosen) { pad.innerHTML = hint; return; }
      const heading = document.createElement("h2");
      heading.textContent = regions.find((region) => region.dataset.region === chosen).dataset.label;
      pad.replaceChildren(heading);
      aspects.forEach((aspect) => {
        const place = cell(chosen, aspect.dataset.group);
        if (!place) return;
        const row = document.createElement("div");
        row.className = "pad-row" + (aspect.dataset.group === group ? " now" : "");
        const what = document.createElement("span");
        what.textContent = aspect.textContent;
        row.append(what);
        const now = value(place);
        const offered = allowed(place).length ? allowed(place) : ["0", "10", "25", "50", "75", "100"];
        for (const each of offered) {
          const button = document.createElement("button");
          button.type = "button";
          button.textContent = each;
          button.dataset.value = each;
          button.dataset.group = aspect.dataset.group;
          button.setAttribute("aria-pressed", String(each === now));
          button.setAttribute("aria-label", `${name(place)}: ${each}`);
          row.append(button);
        }
        pad.append(row);
      });
    }

    function choose(code) { if (chosen !== code) typed = ""; chosen = code; show(); }
    function step(from, by) {
      const at = stops.findIndex((region) => region.dataset.region === from.dataset.region);
      let next = at;
      do next += by; while (stops[next] && !cell(stops[next].dataset.region, group));
      if (stops[next]) stops[next].focus();
      else if (by > 0) onward();
    }
    // After the last region the next aspect begins; after the last aspect the rest of the form.
    function onward() {
      const at = aspects.findIndex((aspect) => aspect.dataset.group === group);
      if (aspects[at + 1]) {
        group = aspects[at + 1].dataset.group;
        show();
        const first = stops.find((region) => cell(region.dataset.region, group));
        if (first) first.focus();
        return;
      }
      const rest = [...form.querySelectorAll(".questions .question:not([hidden]) .value")][0];
      const target = rest ? rest.querySelector("input, textarea, select") || rest : form.querySelector("#save-next");
      if (target) target.focus();
    }

    function key(event, region) {
      const place = cell(region.dataset.region, group);
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "ArrowRight" || event.key === "ArrowDown") { event.preventDefault(); step(region, 1); }
      else if (event.key === "ArrowLeft" || event.key === "ArrowUp") { event.preventDefault(); step(region, -1); }
      else if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); typed = ""; step(region, 1); }
      else if (event.key === " ") { event.preventDefault(); choose(region.dataset.region); }
      else if (!place) return;
      else if (event.key === "Backspace" || event.key === "Delete") { event.preventDefault(); typed = ""; set(place, ""); }
      else if (/^[0-9]$/.test(event.key)) {
        event.preventDefault();
        event.stopPropagation();
        const offered = allowed(place);
        if (offered.includes(event.key)) { set(place, event.key); step(region, 1); }
        else if (!offered.length && Number(typed + event.key) <= Number(place.dataset.high)) { typed += event.key; set(place, typed); }
      }
    }

    for (const region of regions) {
      on(region, "click", () => { choose(region.dataset.region); });
      on(region, "focus", () => choose(region.dataset.region));
      on(region, "keydown", (event) => key(event, region));
    }
    // A finger beside a small region at the edge of the body means that region.
    for (const hit of map.querySelectorAll(".hit")) on(hit, "click", () => choose(hit.dataset.region));
    for (const aspect of aspects) on(aspect, "click", () => { group = aspect.dataset.group; show(); });
    on(pad, "click", (event) => {
      const button = event.target.closest("button");
      if (!button || !chosen) return;
      group = button.dataset.group;
      const place = cell(chosen, group);
      set(place, value(place) === button.dataset.value ? "" : button.dataset.value);
      const again = pad.querySelector(`button[data-group="${button.dataset.group}"][data-value="${button.dataset.value}"]`);
      if (again) again.focus();
    });
    on(form, "change", show);
    on(form, "focusin", (event) => {
      const place = event.target.closest(".regions [data-region][data-group]");
      if (!place) return;
      group = place.dataset.group;
      chosen = place.dataset.region;
      show();
    });
    show();
  }

  function all() { for (const map of document.querySelectorAll("#body-map[hidden]")) start(map); }
  document.addEventListener("entry-ready", all);
  all();
})();

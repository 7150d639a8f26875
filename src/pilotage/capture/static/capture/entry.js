// A form filled in by keyboard, never lost: keys, live score, questions that come and go, saving.
"use strict";
(() => {
  const form = () => document.getElementById("entry");
  const shown = (node) => node && !node.closest("[hidden]") && node.getClientRects().length > 0;
  let dirty = false;
  let waiting = 0;

  // -- the order of the keyboard ---------------------------------------------------------------
  // One stop per question: the group of buttons, or each box of a number with its unit and limits.
  function stops() {
    return [...form().querySelectorAll(".points, .value > input, .value > textarea, .value > select, .limits input")]
      .filter((node) => shown(node) && !node.disabled && node.type !== "hidden");
  }
  function stopOf(node) { return node.closest(".points") || node; }
  function focus(stop, options) {
    if (!stop) { const save = document.getElementById("save-next"); if (save) save.focus(); return; }
    const target = stop.matches(".points") ? stop.querySelector("input:checked") || stop.querySelector("input") : stop;
    target.focus(options);
    if (target.select && target.value) target.select();
  }
  function move(from, by) {
    const all = stops();
    const at = all.indexOf(stopOf(from));
    if (at < 0) return;
    if (by > 0 || at > 0) focus(all[at + by]);
  }

  function keyOfRadio(event) {
    const group = event.target.closest(".points");
    const radios = [...group.querySelectorAll("input[type=radio]")];
    if (event.key === "Backspace" || event.key === "Delete") {
      event.preventDefault();
      for (const radio of radios) radio.checked = false;
      group.dispatchEvent(new Event("change", { bubbles: true }));
      return true;
    }
    const chosen = radios.find((radio) => radio.dataset.key && radio.dataset.key === event.key);
    if (!chosen) return false;
    event.preventDefault();
    chosen.checked = true;
    group.dispatchEvent(new Event("change", { bubbles: true }));
    move(chosen, 1);
    return true;
  }

  function key(event) {
    const target = event.target;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      const save = document.getElementById("save-next");
      if (save) form().requestSubmit(save);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.type === "radio" && keyOfRadio(event)) return;
    if (event.key === "Enter" && target.matches("input, select, textarea") && !event.shiftKey) {
      event.preventDefault();
      if (target.id === "reason") focus(null);
      else if (target.id === "all-why") document.getElementById("no-value").focus();
      else move(target, 1);
      return;
    }
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && target.matches("input:not([type]), textarea") && !target.value.includes("\n")) {
      event.preventDefault();
      move(target, event.key === "ArrowDown" ? 1 : -1);
    }
  }

  // -- what is typed ------------------------------------------------------------------------------
  function mark(now) {
    dirty = now;
    const note = document.getElementById("unsaved");
    if (note) note.hidden = !now;
  }
  function changed(event) {
    if (event.target.closest && event.target.closest(".savebar")) return;
    mark(true);
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => { if (form()) form().dispatchEvent(new CustomEvent("answers-changed")); }, event.type === "input" ? 400 : 60);
  }
  function answered(question) {
    return [...question.querySelectorAll("input, select, textarea")].some((node) =>
      node.type === "radio" || node.type === "checkbox" ? node.checked : node.type !== "hidden" && node.value.trim() !== "");
  }
  // A question that is not asked disappears while nothing stands in it; an answer is never hidden.
  function ask() {
    const told = document.getElementById("asked");
    if (!told) return;
    const asked = new Set(told.dataset.asked.split(" "));
    const here = document.activeElement;
    for (const question of form().querySelectorAll(".question"))
      question.hidden = !asked.has(question.dataset.item) && !answered(question);
    // The keyboard goes on from a question that disappeared under it.
    if (here.closest(".question[hidden]"))
      focus(stops().find((stop) => here.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_FOLLOWING));
  }
  function take(button) {
    const data = button.dataset;
    const set = (part, value) => {
      const name = part ? `i-${data.item}-${part}` : `i-${data.item}`;
      for (const node of form().querySelectorAll(`[name="${name}"]`)) {
        if (node.type === "radio") node.checked = node.value === value;
        else if (node.type !== "file") node.value = value;
      }
    };
    set("", data.value);
    for (const part of ["unit", "low", "high", "missing", "why"]) set(part, data[part] || "");
    form().dispatchEvent(new Event("change", { bubbles: true }));
    button.closest("tr").classList.add("done");
    button.setAttribute("aria-pressed", "true");
  }

  // -- sending ------------------------------------------------------------------------------------
  function failed(id, on) {
    const note = document.getElementById(id);
    if (note) note.hidden = !on;
    if (on) mark(true);
  }
  // After a new sign-in the page needs the token of the new session; what was typed stays.
  async function renew() {
    try {
      const answer = await fetch(form().action, { headers: { Accept: "text/html" } });
      const token = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#entry [name=csrfmiddlewaretoken]");
      if (answer.ok && token) { form().querySelector("[name=csrfmiddlewaretoken]").value = token.value; failed("signed-out", false); }
    } catch { /* the server does not answer: the note stays */ }
  }
  window.addEventListener("focus", () => { if (!document.getElementById("signed-out")?.hidden && form()) renew(); });
  document.addEventListener("htmx:beforeSwap", (event) => {
    // What has to be put right comes back as the same page with what was typed.
    if ([409, 422, 423].includes(event.detail.xhr.status)) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt !== form()) return;
    failed("server-failed", false);
    failed("signed-out", false);
  });
  // Saved: before the next page is opened, so that nothing asks whether to leave this one.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.elt === form() && event.detail.xhr.status < 300) dirty = false;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form()) return;
    const status = event.detail.xhr.status;
    if (status === 403) renew();
    if (status === 401) failed("signed-out", true);
    else if (status === 0 || status >= 500 || status === 403 || status === 404) failed("server-failed", true);
  });
  // Not before it has settled: until then the new parts wear the attributes of the old ones.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id === "live") ask();
    else ready();
  });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

  // -- start -------------------------------------------------------------------------------------
  function ready() {
    const page = form();
    if (!page || page.dataset.ready) return;
    page.dataset.ready = "yes";
    page.addEventListener("keydown", key);
    page.addEventListener("submit", () => { if (!window.htmx) dirty = false; });
    page.addEventListener("change", changed);
    page.addEventListener("input", changed);
    mark(page.dataset.unsaved === "yes");
    for (const button of document.querySelectorAll(".take")) button.addEventListener("click", () => take(button));
    document.dispatchEvent(new CustomEvent("entry-ready"));
    const problem = document.querySelector("[data-problem]");
    const wanted = document.querySelector("#reason-part.wanted #reason");
    if (wanted) wanted.focus();
    else if (problem) problem.focus();
    else {
      const first = stops().find((stop) => !answered(stop.closest(".question") || stop)) || stops()[0];
      // What was just saved stays in sight.
      focus(first, { preventScroll: document.querySelector(".saved") !== null });
    }
  }
  ready();
})();

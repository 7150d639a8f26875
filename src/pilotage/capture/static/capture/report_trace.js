"use strict";
// In the report that is read here, every number that says where it comes from is a way back to it.
(() => {
  const { trace: base, words } = document.currentScript.dataset;
  const told = "[data-results], [data-source]";

  const address = (element) => {
    const asked = new URLSearchParams();
    for (const result of (element.dataset.results || "").split("\n").filter(Boolean)) {
      asked.append("result", result);
    }
    for (const row of (element.dataset.source || "").split("\n").filter(Boolean)) {
      asked.append("row", row);
    }
    return `${base}?${asked}`;
  };

  const go = (event) => {
    const element = event.target.closest(told);
    if (!element || event.target.closest("a, summary")) return;
    if (event.type === "keydown" && event.key !== "Enter") return;
    event.preventDefault();
    window.location.assign(address(element));
  };

  for (const element of document.querySelectorAll(told)) {
    element.tabIndex = 0;
    element.classList.add("traced");
    if (!element.title) element.title = words;
  }
  document.addEventListener("click", go);
  document.addEventListener("keydown", go);
})();

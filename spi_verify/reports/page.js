"use strict";
const filter = document.getElementById("filter");
const status = document.getElementById("shown");
const items = document.querySelectorAll("[data-verdicts]");
function apply() {
  const wanted = filter.querySelector("input:checked").value;
  let shown = 0;
  for (const item of items) {
    const match = wanted === "all" || item.dataset.verdicts.split(" ").includes(wanted);
    item.hidden = !match;
    if (match && item.tagName === "ARTICLE") shown += 1;
  }
  status.textContent = shown + (shown === 1 ? " statement" : " statements");
}
filter.hidden = false;
filter.addEventListener("change", apply);
apply();
for (const graph of document.querySelectorAll(".graph")) {
  const pick = (event) => {
    const node = event.target.closest("[data-row]");
    graph.classList.toggle("picked", node !== null);
    for (const edge of graph.querySelectorAll("[data-from]")) {
      const row = node === null ? null : node.dataset.row;
      edge.classList.toggle("on", edge.dataset.from === row || edge.dataset.to === row);
    }
  };
  graph.addEventListener("focusin", pick);
  graph.addEventListener("pointerover", pick);
  graph.addEventListener("pointerleave", () => graph.classList.remove("picked"));
  graph.addEventListener("focusout", () => graph.classList.remove("picked"));
}
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target !== null && target.hidden) {
    filter.querySelector("[value=all]").checked = true;
    apply();
    target.scrollIntoView();
  }
}
addEventListener("hashchange", reveal);

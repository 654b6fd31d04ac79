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

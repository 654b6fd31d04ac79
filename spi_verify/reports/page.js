"use strict";
const filter = document.getElementById("filter");
const search = document.getElementById("search");
const status = document.getElementById("shown");
const articles = [...document.querySelectorAll("article[data-verdicts]")];
const words = new Map(articles.map((one) => [one, one.textContent.toLowerCase()]));
function apply() {
  const wanted = filter.querySelector("input:checked").value;
  const sought = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = new Set();
  for (const one of articles) {
    const verdict = wanted === "all" || one.dataset.verdicts.split(" ").includes(wanted);
    one.hidden = !verdict || !sought.every((word) => words.get(one).includes(word));
    if (!one.hidden) shown.add(one.id);
  }
  for (const one of document.querySelectorAll("[data-of]")) one.hidden = !shown.has(one.dataset.of);
  status.textContent = shown.size + (shown.size === 1 ? " statement" : " statements");
}
filter.hidden = false;
filter.addEventListener("change", apply);
search.addEventListener("input", apply);
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
  const article = target === null ? null : target.closest("article");
  if (article !== null && article.hidden) {
    filter.querySelector("[value=all]").checked = true;
    search.value = "";
    apply();
    target.scrollIntoView();
  }
}
addEventListener("hashchange", reveal);
const entries = new Map([...document.querySelectorAll(".contents li")].map((one) => [one.dataset.of, one]));
if ("IntersectionObserver" in window) {
  const seen = new IntersectionObserver((changes) => {
    for (const one of changes) {
      const entry = entries.get(one.target.id);
      if (entry !== undefined) entry.classList.toggle("here", one.isIntersecting);
    }
  }, { rootMargin: "-10% 0px -80% 0px" });
  for (const one of articles) seen.observe(one);
}

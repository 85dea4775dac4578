"use strict";

const form = document.getElementById("filters");
const found = document.getElementById("found");
const search = document.getElementById("search");
const cases = [...document.querySelectorAll("details.case")];
const text = new Map();

function words(one) {
  if (!text.has(one)) text.set(one, one.textContent.toLowerCase());
  return text.get(one);
}

function shown() {
  return cases.filter((one) => !one.hidden);
}

function apply() {
  const wanted = new FormData(form);
  const kind = wanted.get("kind");
  const tag = wanted.get("tag");
  const asked = wanted.get("search").toLowerCase().split(/\s+/).filter(Boolean);
  for (const one of cases) {
    one.hidden = !(
      (!kind || one.dataset.is.split(" ").includes(kind)) &&
      (!tag || one.dataset.tags.split(" ").includes(tag)) &&
      asked.every((word) => words(one).includes(word))
    );
  }
  found.textContent = `${shown().length} of ${cases.length} cases`;
}

function clear() {
  form.reset();
  apply();
}

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!(target instanceof HTMLDetailsElement)) return;
  if (target.hidden) clear();
  target.open = true;
  target.scrollIntoView();
}

form.addEventListener("input", apply);
form.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("open").addEventListener("click", () => {
  const now = shown();
  const open = !now.every((one) => one.open);
  for (const one of now) one.open = open;
});
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && event.target !== search) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "Escape" && typing) {
    clear();
  } else if ((event.key === "j" || event.key === "k") && !typing) {
    const now = shown().map((one) => one.firstElementChild);
    const at = now.findIndex((one) => one.contains(document.activeElement));
    const next = now[event.key === "j" ? at + 1 : Math.max(at - 1, 0)];
    if (next) next.focus();
  }
});
addEventListener("hashchange", openTarget);

document.getElementById("keys").hidden = false;
form.hidden = false;
apply();
openTarget();

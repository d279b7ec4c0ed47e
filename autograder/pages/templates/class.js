// Sorting, filtering, and one assignment alone. The page says all of it without this script, too.
"use strict";
{
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const collator = new Intl.Collator(undefined, { numeric: true });
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

  // What a cell is sorted by: a heading by its text, any other by its number, NaN where it has none.
  const value = (cell) =>
    cell.localName === "th" ? (cell.querySelector("bdi") ?? cell).textContent : parseFloat(cell.textContent.replace(/[,<>]/g, ""));
  const compare = (a, b) => (typeof a === "string" ? collator.compare(a, b) : a - b);

  function sort(table, head) {
    const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    all("th[aria-sort]", table).forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [value(row.cells[head.dataset.col]), row]);
    const empty = ([key]) => Number(Number.isNaN(key)); // these stand last, whichever way
    rows.sort((a, b) => empty(a) - empty(b) || (empty(a) ? 0 : sign * compare(a[0], b[0])));
    body.replaceChildren(...rows.map(([, row]) => row));
  }

  for (const table of all("table[data-sortable]")) {
    for (const head of all("th[data-col]", table)) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(table, head));
      head.append(button);
    }
  }

  const [grid] = all(".grid");
  const people = grid
    ? [...grid.tBodies[0].rows].map((row) => ({
        row,
        name: plain(row.cells[0].querySelector("bdi").textContent),
        section: row.dataset.section,
        states: row.dataset.states.split(" "),
        mistakes: row.dataset.mistakes.split(" "),
      }))
    : [];
  const filters = ["name", "state", "section", "mistake"].map(byId).filter(Boolean);
  const fields = [...filters, byId("assignment")].filter(Boolean);
  const chosen = (id) => byId(id)?.value ?? "";

  function filter() {
    const name = plain(chosen("name").trim());
    const [state, section, mistake] = [chosen("state"), chosen("section"), chosen("mistake")];
    let shown = 0;
    for (const person of people) {
      const fits =
        person.name.includes(name) &&
        (!state || person.states.includes(state)) &&
        (!section || person.section === section) &&
        (!mistake || person.mistakes.includes(mistake));
      person.row.hidden = !fits;
      shown += fits;
    }
    if (grid) byId("shown").textContent = shown.toLocaleString("en");
  }

  function only() {
    const assignment = chosen("assignment");
    for (const part of all("[data-a]")) part.hidden = assignment !== "" && part.dataset.a !== assignment;
    for (const list of all("[data-limit]")) {
      const left = [...list.children].filter((item) => !item.hidden);
      left.slice(list.dataset.limit).forEach((item) => (item.hidden = true));
    }
    if (grid && assignment) grid.dataset.only = assignment;
    else if (grid) delete grid.dataset.only;
  }

  // What is chosen stands behind the # of the address, in words that outlive a regrade. There, files have room for it.
  const key = (option) => option.dataset.key ?? option.value;
  const said = (field) => (field.options ? key(field.options[field.selectedIndex]) : field.value);
  let isTyping = false; // of one name, however many keys, "back" takes all back

  function remember(typing) {
    const words = new URLSearchParams(fields.filter((field) => field.value).map((field) => [field.id, said(field)]));
    const address = location.href.split("#")[0] + (`${words}` && `#${words}`);
    if (address !== location.href) history[typing && isTyping ? "replaceState" : "pushState"](null, "", address);
    isTyping = typing;
  }

  // Another fragment is a place on this page: nothing is chosen by it, and nothing given up.
  function recall() {
    const words = new URLSearchParams(location.hash.slice(1));
    const isChoice = fields.some((field) => words.get(field.id));
    if (isChoice || !location.hash) {
      for (const field of fields) {
        const word = words.get(field.id) ?? "";
        field.value = field.options ? ([...field.options].find((option) => key(option) === word)?.value ?? "") : word;
      }
    }
    isTyping = false;
    only();
    filter();
    return isChoice;
  }

  // Once a frame, for it lays the page out: so keys that come fast do not wait for it.
  let isLeading = false;
  function lead() {
    if (isLeading) return;
    isLeading = true;
    requestAnimationFrame(() => {
      isLeading = false;
      document.querySelector(".scroll").scrollTop = 0;
      byId("students").scrollIntoView();
    });
  }

  function choose(id, choice) {
    filters.forEach((field) => (field.value = field.id === id ? choice : ""));
    filter();
    remember(false);
  }

  for (const field of filters) {
    field.addEventListener("input", () => {
      filter();
      remember(field.id === "name");
      lead();
    });
  }
  byId("name")?.addEventListener("change", () => (isTyping = false));
  byId("name")?.addEventListener("keydown", (event) => {
    const first = event.key === "Enter" && [...grid.tBodies[0].rows].find((row) => !row.hidden);
    if (!first) return;
    first.cells[0].tabIndex = -1; // can have the focus, and is no stop of the tab key
    first.cells[0].focus();
  });
  byId("reset")?.addEventListener("click", () => choose());
  byId("assignment")?.addEventListener("input", () => {
    only();
    remember(false);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#m"], a[data-state]');
    const mistake = /^#m(\d+)$/.exec(link?.getAttribute("href"))?.[1];
    const state = link?.dataset.state;
    if (mistake === undefined && state === undefined) return;
    event.preventDefault();
    if (state === undefined) choose("mistake", mistake);
    else choose("state", state);
    byId("students").focus({ preventScroll: true });
    lead();
  });

  all("[data-script]").forEach((part) => (part.hidden = false));
  window.addEventListener("popstate", recall);
  window.addEventListener("pageshow", () => {
    const [arrived] = performance.getEntriesByType("navigation");
    if (recall() && arrived?.type === "navigate" && filters.some((field) => field.value)) lead();
  });
}

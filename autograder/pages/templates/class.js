// Sorting, filtering, and one assignment alone. The page says all of it without this script, too.
"use strict";
{
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const collator = new Intl.Collator(undefined, { numeric: true });
  const isAscii = (text) => !/[^\x00-\x7f]/.test(text);
  const plain = (text) => (isAscii(text) ? text : text.normalize("NFD").replace(/\p{M}/gu, "")).toLocaleLowerCase();

  // What a cell is sorted by: a heading by its text, any other by its number, NaN where it has none.
  const value = (cell) =>
    cell.localName === "th" ? (cell.querySelector("bdi") ?? cell).textContent : parseFloat(cell.textContent.replace(/[,<>]/g, ""));
  const compare = (a, b) => (typeof a === "string" ? collator.compare(a, b) : a - b);

  const sorted = (pairs, sign) => {
    const empty = ([key]) => Number(Number.isNaN(key)); // these stand last, whichever way
    return pairs.sort((a, b) => empty(a) - empty(b) || (empty(a) ? 0 : sign * compare(a[0], b[0]))).map(([, what]) => what);
  };

  function sort(table, head) {
    const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    all("th[aria-sort]", table).forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
    const body = table.tBodies[0];
    if (table === grid) {
      people = sorted(people.map((person) => [person.key(Number(head.dataset.col)), person]), sign);
      show(0);
    } else body.replaceChildren(...sorted([...body.rows].map((row) => [value(row.cells[head.dataset.col]), row]), sign));
  }

  // Of a large class, the page has the first rows only, and all of them in little: each different cell once. What is made
  // of it is HTML that was escaped where the page was made; names are put in as text.
  const [grid] = all(".grid");
  const island = byId("people") && JSON.parse(byId("people").textContent);
  const most = island ? grid.tBodies[0].rows.length : Infinity; // rows that are shown at once
  const template = document.createElement("template");
  const numbers = island?.cells.map((html) => {
    template.innerHTML = `<table><tr>${html}`;
    return value(template.content.querySelector("td"));
  });

  function rowOf([name, about, base, , , , codes], marks) {
    template.innerHTML = `<table><tbody><tr><th scope="row"><bdi></bdi></th>${codes
      .map((code) => island.cells[code].replaceAll(island.base, base))
      .join("")}`;
    const row = template.content.querySelector("tr");
    row.querySelector("bdi").textContent = name;
    for (const [kind, text] of [["mark", marks.includes("withdrawn") && grid.dataset.withdrawn], ["faint", about]]) {
      if (!text) continue;
      const beside = document.createElement("span");
      beside.className = kind;
      beside.textContent = text;
      row.cells[0].append(" ", beside);
    }
    return row;
  }

  const states = island?.states.map((words) => words.split(" "));
  const there = grid ? [...grid.tBodies[0].rows] : []; // made with the page: the first by name
  const ofIsland = (person, place) => ({
    row: there[place],
    make: () => rowOf(person, states[person[4]]),
    key: (column) => (column ? numbers[person[6][column - 1]] : person[0]),
    name: plain(person[0]),
    section: person[3],
    states: states[person[4]],
    mistakes: person[5],
  });
  const ofRow = (row) => ({
    row,
    key: (column) => value(row.cells[column]),
    name: plain(row.cells[0].querySelector("bdi").textContent),
    section: row.dataset.section,
    states: row.dataset.states.split(" "),
    mistakes: row.dataset.mistakes.split(" ").map(Number),
  });
  let people = island ? island.rows.map(ofIsland) : there.map(ofRow);
  let fitting = people; // those whom the filters leave
  let first = 0; // of those, the first one whom the table shows

  function show(from) {
    first = from;
    fitting = people.filter((person) => person.fits !== false);
    const rows = fitting.slice(from, from + most).map((person) => (person.row ??= person.make()));
    const [body] = grid.tBodies;
    if (rows.length !== body.rows.length || rows.some((row, place) => row !== body.rows[place])) body.replaceChildren(...rows);
    if (!island) return;
    const shown = (number) => number.toLocaleString("en");
    const last = Math.min(from + most, fitting.length);
    const fields = { first: shown(Math.min(from + 1, last)), last: shown(last), count: shown(fitting.length) };
    byId("where").textContent = byId("where").dataset.say.replace(/{(\w+)}/g, (_, name) => fields[name]);
    byId("before").disabled = from === 0;
    byId("after").disabled = last === fitting.length;
  }
  const turn = (step) => {
    show(first + step * most);
    document.querySelector(".scroll").scrollTop = 0;
  };
  byId("before")?.addEventListener("click", () => turn(-1));
  byId("after")?.addEventListener("click", () => turn(1));
  for (const table of all("table[data-sortable]")) {
    for (const head of all("th[data-col]", table)) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(table, head));
      head.append(button);
    }
  }

  const filters = ["name", "state", "section", "mistake"].map(byId).filter(Boolean);
  const fields = [...filters, byId("assignment")].filter(Boolean);
  const chosen = (id) => byId(id)?.value ?? "";

  function filter() {
    const name = plain(chosen("name").trim());
    const [state, section, mistake] = [chosen("state"), chosen("section"), chosen("mistake")];
    for (const person of people) {
      person.fits =
        person.name.includes(name) &&
        (!state || person.states.includes(state)) &&
        (!section || person.section === section) &&
        (!mistake || person.mistakes.includes(Number(mistake)));
    }
    if (!grid) return;
    show(0);
    byId("shown").textContent = fitting.length.toLocaleString("en");
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
    const first = event.key === "Enter" && grid.tBodies[0].rows[0];
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
  all("[data-no-script]").forEach((part) => part.remove());
  window.addEventListener("popstate", recall);
  window.addEventListener("pageshow", () => {
    const [arrived] = performance.getEntriesByType("navigation");
    if (recall() && arrived?.type === "navigate" && filters.some((field) => field.value)) lead();
  });
}

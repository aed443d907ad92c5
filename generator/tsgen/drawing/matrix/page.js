"use strict";
(() => {
  const table = document.getElementById("legs-table");
  const status = document.getElementById("status");
  const say = (text) => { if (status) status.textContent = text; };

  const compare = (one, other) => {
    const [a, b] = [Number(one), Number(other)];
    return Number.isNaN(a) || Number.isNaN(b) ? one.localeCompare(other, "en", { numeric: true }) : a - b;
  };

  const sort = (header, column) => {
    const descending = header.getAttribute("aria-sort") === "ascending";
    const body = table.tBodies[0];
    const keyed = [...body.rows].map((row) => [row.cells[column].dataset.sort, row]);
    // What has no value stays at the end either way.
    keyed.sort(([a], [b]) => (!a || !b ? !a - !b : compare(a, b) * (descending ? -1 : 1)));
    body.append(...keyed.map(([, row]) => row));
    for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", descending ? "descending" : "ascending");
    say(`Sorted by ${header.textContent.trim()}, ${descending ? "descending" : "ascending"}.`);
  };

  const makeSortable = () => {
    [...table.tHead.rows[0].cells].forEach((header, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      button.addEventListener("click", () => sort(header, column));
      header.append(button);
    });
    table.classList.add("sortable");
  };

  const tellShown = () => {
    const rows = [...table.tBodies[0].rows];
    const shown = rows.filter((row) => row.offsetParent !== null || getComputedStyle(row).display !== "none");
    say(`${shown.length} of ${rows.length} legs shown.`);
  };

  // A link to a leg opens it, also when the filter had hidden it.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const details = target && target.closest("details");
    if (!details) return;
    const all = document.getElementById("show-all");
    if (all && getComputedStyle(details).display === "none") all.checked = true;
    details.open = true;
    details.querySelector("summary").focus({ preventScroll: true });
    details.scrollIntoView();
  };

  const opened = [];
  addEventListener("beforeprint", () => {
    for (const each of document.querySelectorAll("details:not([open])")) { each.open = true; opened.push(each); }
  });
  addEventListener("afterprint", () => { for (const each of opened.splice(0)) each.open = false; });
  addEventListener("hashchange", reveal);
  if (table) makeSortable();
  for (const each of document.querySelectorAll("input[name=show]")) each.addEventListener("change", tellShown);
  reveal();
})();

"use strict";

// Sorts the leaderboard by what the address says, #sort=parameters, or #sort=-parameters for the
// greatest first. A click on a head only changes the address.
const table = document.querySelector("#leaderboard table");
const heads = [...table.tHead.rows[0].cells];

for (const head of heads) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  button.addEventListener("click", () => {
    const down = head.ariaSort === "ascending" ? "-" : "";
    location.hash = "sort=" + down + encodeURIComponent(head.dataset.key);
  });
  head.append(button);
}

// value is a number, a text, or null where there is none.
function value(row, column) {
  const cell = row.cells[column];
  const number = cell.dataset.value;
  if (number === undefined) return cell.textContent === "-" ? null : cell.textContent;
  return number === "" ? null : Number(number);
}

function compare(a, b) {
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return typeof a === "number" ? a - b : a.localeCompare(b, "en", {numeric: true});
}

function sort() {
  const by = new URLSearchParams(location.hash.slice(1)).get("sort");
  if (!by) return;
  const down = by.startsWith("-");
  const key = by.slice(down ? 1 : 0);
  const column = heads.findIndex((head) => head.dataset.key === key);
  if (column < 0) return;
  heads.forEach((head) => { head.ariaSort = null; });
  heads[column].ariaSort = down ? "descending" : "ascending";
  document.getElementById("tested").hidden = key !== "test_accuracy";
  const rows = [...table.tBodies[0].rows].map((row) => ({row, key: value(row, column)}));
  rows.sort((a, b) => {
    // What is missing is last, whichever way.
    if (a.key === null || b.key === null) return (a.key === null) - (b.key === null);
    return down ? compare(b.key, a.key) : compare(a.key, b.key);
  });
  table.tBodies[0].append(...rows.map(({row}) => row));
}

addEventListener("hashchange", sort);
sort();

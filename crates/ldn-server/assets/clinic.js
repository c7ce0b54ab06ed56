// Keys on the list of patients: j and k move from row to row, Enter follows the row's link as ever, / goes to the search.

const rows = () => /** @type {HTMLAnchorElement[]} */ (Array.from(document.querySelectorAll("[data-rows] .to-case")));

/**
 * True while somebody types, so that no letter is taken away from a field.
 * @param {EventTarget | null} target
 */
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** @param {number} by */
function move(by) {
  const all = rows();
  const at = all.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
  all[next]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
    return;
  }
  const search = document.getElementById("search");
  if (event.key === "j" || event.key === "k") {
    move(event.key === "j" ? 1 : -1);
  } else if (event.key === "/" && search) {
    search.focus();
  } else {
    return;
  }
  event.preventDefault();
});

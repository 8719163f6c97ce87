/* Long lists of choices get a field to search in them: <select data-filter="Search in this list">. */
"use strict";

(function () {
  function folded(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  function narrow(select, all, words) {
    const chosen = select.value;
    const wanted = folded(words).split(/\s+/).filter(Boolean);
    const copy = all.cloneNode(true);
    copy.querySelectorAll("option").forEach((option) => {
      const group = option.parentNode.label || "";
      const text = folded(`${group} ${option.textContent}`);
      const kept = option.value === chosen || !option.value || wanted.every((word) => text.includes(word));
      if (!kept) option.remove();
    });
    copy.querySelectorAll("optgroup").forEach((group) => { if (!group.children.length) group.remove(); });
    select.replaceChildren(copy);
    select.value = chosen;
  }

  function equip(select) {
    if (select.dataset.equipped || select.options.length < 12) return;
    select.dataset.equipped = "1";
    const all = document.createDocumentFragment();
    [...select.children].forEach((child) => all.append(child.cloneNode(true)));
    const input = document.createElement("input");
    input.type = "search";
    input.className = "kern-form-input__input filter";
    input.placeholder = select.dataset.filter;
    input.setAttribute("aria-label", select.dataset.filter);
    input.autocomplete = "off";
    input.addEventListener("input", (event) => { event.stopPropagation(); narrow(select, all, input.value); });
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    select.closest(".kern-form-input__select-wrapper").before(input);
  }

  document.querySelectorAll("select[data-filter]").forEach(equip);
  document.addEventListener("htmx:load", (event) => event.target.querySelectorAll("select[data-filter]").forEach(equip));
})();

// The form of a plan: each slider and its number box are one field, and what is edited goes out together. Cards of
// designs that come and go. Files, of which the content alone is sent. And what is shown only where it is chosen.
"use strict";

(() => {
  const DELAY_MS = 60;
  let edits = {};
  let timer = null;
  let number = 0;
  let sent = []; // edits that are on their way: the page tells up to which number it has heard them

  const unanswered = () => Object.assign({}, ...sent.map((each) => each.typed), edits);

  const fieldOf = (element) => element.closest("[data-key]");
  const fieldNamed = (key) => document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const partsOf = (field) => [field.querySelector(".box"), field.querySelector(".slider")];
  const isNumber = (text) => text.trim() !== "" && isFinite(text);
  const textOf = (box) => (box.type === "checkbox" ? String(box.checked) : box.value);

  function put(field, text) {
    const [box, slider] = partsOf(field);
    if (box.type === "checkbox") box.checked = text === "true";
    else box.value = text;
    if (slider && isNumber(text)) slider.value = text;
  }

  function send(form) {
    timer = null;
    const numbered = { number: ++number, typed: edits };
    Shiny.setInputValue(form.dataset.edits, numbered, { priority: "event" });
    sent.push(numbered);
    edits = {};
  }

  function edited(event) {
    const field = fieldOf(event.target);
    if (!field) return;
    const [box, slider] = partsOf(field);
    if (event.target === slider) box.value = slider.value;
    if (event.target === box && slider && isNumber(box.value)) slider.value = box.value;
    edits[field.dataset.key] = textOf(box);
    clearTimeout(timer);
    timer = setTimeout(send, DELAY_MS, field.closest("[data-edits]"));
  }
  document.addEventListener("input", edited);

  // Faults stand beside their field, in the words of the command line.
  function showFaults({ heard, faults }) {
    sent = sent.filter((each) => each.number > heard);
    for (const place of document.querySelectorAll("[data-key] .fault")) {
      const field = fieldOf(place);
      const told = faults[field.dataset.key] ?? "";
      place.textContent = told;
      field.querySelector(".box").setAttribute("aria-invalid", String(told !== ""));
      if (told !== "") field.closest("details")?.setAttribute("open", "");
    }
    showThatItIsOfBefore(faults);
  }

  // What is shown beside faults is of the plan before them: the strip says so, and all of it is seen to be.
  function showThatItIsOfBefore(faults) {
    for (const place of document.querySelectorAll(".strip, section.answer")) {
      place.classList.toggle("of-before", Object.keys(faults).length > 0);
    }
  }

  // Values that follow others, as defaults do.
  function showValues(values) {
    const typed = unanswered();
    for (const [key, text] of Object.entries(values)) {
      const field = fieldNamed(key);
      if (field && !(key in typed) && !partsOf(field).includes(document.activeElement)) put(field, text);
    }
  }

  // Where each number comes from: of a changed one nothing is known but that it is yours.
  function showOrigins(origins) {
    for (const place of document.querySelectorAll("[data-origin]")) {
      place.textContent = origins[place.dataset.origin] ?? place.textContent;
    }
  }

  // The form is drawn anew where there are other inputs; what is open, being typed and in hand stays so.
  function stay({ target }) {
    const before = target === document ? null : target.querySelector("[data-edits]");
    if (!before) return;
    const held = before.contains(document.activeElement) ? document.activeElement : null;
    new MutationObserver((_, observer) => {
      if (!target.querySelector("[data-edits]")) return;
      observer.disconnect();
      openFolds(before);
      const typed = unanswered();
      const field = held && fieldOf(held);
      if (field) typed[field.dataset.key] = textOf(partsOf(field)[0]);
      for (const [key, text] of Object.entries(typed)) if (fieldNamed(key)) put(fieldNamed(key), text);
      if (held) takeInHand(held);
    }).observe(target, { childList: true });
  }

  function openFolds(before) {
    for (const summary of before.querySelectorAll("details[open] > summary")) {
      document.getElementById(summary.id)?.parentElement.setAttribute("open", "");
    }
  }

  // What has the focus is drawn anew, and has it again; where it is no more, the same button of the card beside it, or
  // the heading of the room.
  function keepInHand({ target }) {
    const held = document.activeElement;
    if (target === document || !target.contains(held) || !held.closest(".card-of-design")) return;
    const same = `:is(input, button)[id*="-${held.id.split("-").pop().split("_")[0]}_"]`;
    new MutationObserver((_, observer) => {
      observer.disconnect();
      const place = document.getElementById(held.id) ?? besides(target, same) ?? headingOf(target);
      place.focus();
    }).observe(target, { childList: true });
  }

  function besides(target, same) {
    const cards = [...target.parentElement.children];
    const [before, after] = [cards.slice(0, cards.indexOf(target)).reverse(), cards.slice(cards.indexOf(target) + 1)];
    return [...after, ...before].map((card) => card.querySelector(same)).find((found) => found !== null);
  }

  function headingOf(target) {
    const heading = target.closest(".tab-pane").querySelector("h2");
    heading.setAttribute("tabindex", "-1");
    return heading;
  }

  // Cards that stay keep their places, so that a new one, whose place was empty, comes after them.
  function putLast({ card }) {
    const place = document.getElementById(card);
    place.parentElement.append(place);
  }

  // Focus and caret, where they were before; on the fold where there is no such input any more.
  function takeInHand(held) {
    const same = document.getElementById(held.id);
    const place = same ?? document.getElementById(held.closest("details")?.querySelector("summary").id);
    place?.focus({ preventScroll: true });
    if (same && held.selectionStart != null) {
      same.setSelectionRange(held.selectionStart, held.selectionEnd, held.selectionDirection);
    }
  }

  // The server says where it takes files as soon as it does: on a busy machine that may be after a file was chosen.
  let takeAddress;
  const uploads = new Promise((resolve) => (takeAddress = resolve));

  // Of a file the content is sent, and its name; the page says what is wrong with it.
  async function sendFile(field) {
    const file = field.files[0];
    const state = document.getElementById(`${field.id}-state`);
    if (!file) return;
    const number = (field.dataset.number = String(Number(field.dataset.number ?? 0) + 1));
    state.textContent = `Opening ${file.name} ...`;
    const told = await answerTo(field, file);
    if (field.dataset.number === number) state.textContent = told;
  }

  async function answerTo(field, file) {
    if (file.size > Number(field.dataset.most)) return `${file.name}: ${field.dataset.tooLarge}`;
    const address = (await uploads) + field.id;
    try {
      const answer = await fetch(address, { method: "POST", body: file, headers: { "n1trial-name": encoded(file.name) } });
      return answer.ok ? "" : await answer.text();
    } catch {
      return `${file.name}: was not sent. It may have been moved or changed, or n1trial web may have ended.`;
    }
  }

  function encoded(name) {
    try {
      return encodeURIComponent([...name].slice(-200).join(""));
    } catch {
      return ""; // half a character, as some systems allow in names
    }
  }

  // What is shown only where a box is ticked, or one of a group is chosen.
  function showChosen() {
    for (const place of document.querySelectorAll("[data-shown-by]")) {
      const { shownBy, shownFor } = place.dataset;
      const chosen = document.querySelector(`input[name="${CSS.escape(shownBy)}"]:checked`);
      const isShown = shownFor === undefined ? document.getElementById(shownBy)?.checked : chosen?.value === shownFor;
      place.toggleAttribute("hidden", !isShown);
    }
  }

  function changed({ target }) {
    if (target.matches("input[data-upload]")) sendFile(target);
    else for (const other of target.closest("[data-either-or]")?.querySelectorAll("input[data-upload]") ?? []) {
      other.value = ""; // what was chosen beside it takes its place, and it names the file no more
    }
    if (target.matches("input[data-sent-alone]")) Shiny.setInputValue(target.id, target.value);
    showChosen();
  }
  document.addEventListener("change", changed);
  document.addEventListener("click", ({ target }) => {
    if (target.matches("input[data-upload]")) target.value = ""; // the same file, changed since, is a change as well
  });
  document.addEventListener("submit", (event) => event.preventDefault());

  // Whoever leaves the page is asked first where something would be lost with it.
  let wouldBeLost = [];
  addEventListener("beforeunload", (event) => {
    if (wouldBeLost.length > 0) event.preventDefault();
  });

  const listen = () => {
    showChosen(); // a browser may keep what was ticked when a page is loaded again
    Shiny.addCustomMessageHandler("n1trial-uploads", ({ address }) => takeAddress(address));
    Shiny.addCustomMessageHandler("n1trial-unsaved", ({ what }) => (wouldBeLost = what));
    Shiny.addCustomMessageHandler("n1trial-faults", showFaults);
    Shiny.addCustomMessageHandler("n1trial-values", showValues);
    Shiny.addCustomMessageHandler("n1trial-origins", showOrigins);
    Shiny.addCustomMessageHandler("n1trial-last", putLast);
    jQuery(document).on("shiny:value", keepInHand);
    jQuery(document).on("shiny:value", stay); // as Shiny tells of it, just before it draws
  };
  if (window.Shiny?.addCustomMessageHandler) listen();
  else document.addEventListener("shiny:connected", listen, { once: true });
})();

/* What every page can do by itself: theme, menu, keys, printing, session warning, saving state. */
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const SESSION = "kapcare-session"; // what the tabs of one browser tell each other
const YEAR = 60 * 60 * 24 * 365;
const unsaved = new Set(); // forms that save themselves and have not yet
const SECURE = location.protocol === "https:" ? "; secure" : "";

function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax${SECURE}`;
}

function recall(name) {
  return document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]*)`))?.[1];
}

/* ---- theme: a cookie, so that the server draws the right one at once */
function themeButton(button) {
  const page = document.documentElement;
  const dark = () => (page.dataset.bsTheme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const show = () => button.setAttribute("aria-pressed", String(dark()));
  button.addEventListener("click", () => {
    page.dataset.bsTheme = dark() ? "light" : "dark";
    remember("kc_theme", page.dataset.bsTheme);
    show();
  });
  show();
}

/* ---- menu on a phone */
function menuButton(button) {
  const top = button.closest(".kc-top");
  const set = (open) => {
    top.toggleAttribute("data-open", open);
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => set(!top.hasAttribute("data-open")));
  top.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && top.hasAttribute("data-open")) {
      set(false);
      button.focus();
    }
  });
}

/* ---- keys: / and ?, j and k in a list, unless turned off or writing */
function keys() {
  const toggle = $("[data-keys-toggle]");
  if (toggle) {
    toggle.checked = recall("kc_keys") !== "off";
    toggle.addEventListener("change", () => remember("kc_keys", toggle.checked ? "on" : "off"));
  }
  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (writing || event.ctrlKey || event.metaKey || event.altKey || recall("kc_keys") === "off" || $("dialog[open]")) return;
    const search = $("input[type=search]");
    const help = $("#kc-help");
    if (event.key === "/" && search?.offsetParent) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "?" && help) {
      event.preventDefault();
      help.showModal();
    } else if (event.key === "j" || event.key === "k") {
      const rows = [...document.querySelectorAll("[data-row]")];
      const here = rows.findIndex((row) => row.closest("tr").contains(document.activeElement));
      const next = here < 0 ? 0 : here + (event.key === "j" ? 1 : -1);
      rows[next]?.focus();
    }
  });
}

/* ---- session: a warning two minutes before, in every open tab alike */
function sessionWarning(dialog) {
  const idle = Number(dialog.dataset.idle) * 1000 - 20_000; // the server notes a use within 20 s
  const warning = Math.min(120_000, idle / 2);
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel(SESSION) : null;
  const dosing = document.body.classList.contains("kc-dosing");
  let deadline = Date.now() + idle;

  const alive = () => {
    deadline = Date.now() + idle;
    if (dialog.open) dialog.close();
  };
  const used = () => {
    alive();
    tabs?.postMessage("used");
  };
  const leave = () => {
    if (!document.dispatchEvent(new Event("kc:leave", { cancelable: true }))) return; // rows wait to be saved
    unsaved.clear(); // no question may keep the page on the screen
    document.body.hidden = true;
    const back = encodeURIComponent(location.pathname + location.search);
    location.assign(`${dialog.dataset.login}?next=${back}`);
  };
  const stay = async () => {
    try {
      const answer = await fetch(dialog.dataset.stay, {
        method: "POST",
        headers: { "X-CSRFToken": dialog.dataset.csrf },
        redirect: "manual",
      });
      if (answer.status === 204) used();
      else location.reload();
    } catch {
      $("[data-left-spoken]", dialog).textContent = "No network. Trying again.";
    }
  };
  const words = (seconds) => (seconds > 60 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : `${seconds} s`);
  const tick = () => {
    const left = Math.ceil((deadline - Date.now()) / 1000);
    if (left <= 0) return leave();
    if (left * 1000 > warning) return;
    if (!dialog.open) {
      if (dosing) dialog.show();
      else dialog.showModal();
    }
    $("[data-left]", dialog).textContent = words(left);
    if (left % 30 === 0) $("[data-left-spoken]", dialog).textContent = `${words(left)} left`;
  };

  $("[data-stay-button]", dialog).addEventListener("click", stay);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    stay();
  });
  if (tabs) tabs.onmessage = ({ data }) => (data === "gone" ? leave() : alive());
  for (const name of ["htmx:afterOnLoad", "kc:used"]) document.addEventListener(name, used);
  tabs?.postMessage("used");
  setInterval(tick, 1000);
}

/* ---- a form is sent once; the button comes back with the page, or after ten seconds */
function sendOnce() {
  const enable = () => document.querySelectorAll("[data-sent]").forEach((button) => {
    button.disabled = false;
    delete button.dataset.sent;
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    const buttons = [...form.querySelectorAll("button[type=submit]:not(:disabled), button:not([type]):not(:disabled)")];
    setTimeout(() => buttons.forEach((button) => { button.disabled = true; button.dataset.sent = ""; }));
    setTimeout(enable, 10_000);
  });
  addEventListener("pageshow", enable);
}

/* ---- forms that save themselves say whether they did */
function autosave() {
  const formOf = (event) => event.target.closest?.("[data-autosave]");
  const say = (form, state, text) => {
    const line = $("[data-save-state]", form) || $("[data-save-state]");
    if (!line) return;
    line.dataset.state = state;
    line.textContent = text;
  };
  const clock = () => new Date().toTimeString().slice(0, 5);
  const failed = (why) => (event) => {
    const form = formOf(event);
    if (!form) return;
    unsaved.add(form);
    say(form, "failed", `Not saved: ${why}, trying again`);
    clearTimeout(form.retry);
    form.retry = setTimeout(() => window.htmx.trigger(form, "change"), 10_000);
  };
  const answered = (event) => {
    const form = formOf(event);
    if (!form) return;
    const { status } = event.detail.xhr;
    if (status >= 500 || status === 429) return failed("the server did not answer")(event);
    if (status === 401 || status === 403) return say(form, "failed", "Not saved: sign in again in another tab");
    return say(form, "failed", status === 409 ? "Not saved yet" : "Not saved: something here needs correcting");
  };
  document.addEventListener("input", (event) => {
    const form = formOf(event);
    if (form) unsaved.add(form);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = formOf(event);
    if (!form) return;
    clearTimeout(form.retry);
    say(form, "saving", "Saving…");
  });
  document.addEventListener("htmx:afterOnLoad", (event) => {
    const form = formOf(event);
    if (!form || event.detail.xhr.status >= 400) return;
    if ($("[data-save-state][data-state=failed]", form)) return;
    unsaved.delete(form);
    say(form, "saved", `Saved ${event.detail.xhr.getResponseHeader("X-Saved-At") || clock()}`);
  });
  document.addEventListener("htmx:responseError", answered);
  document.addEventListener("htmx:sendError", failed("no network"));
  document.addEventListener("htmx:timeout", failed("no answer"));
  document.addEventListener("submit", (event) => unsaved.delete(event.target));
  addEventListener("beforeunload", (event) => {
    if (unsaved.size) event.preventDefault();
  });
}

/* ---- a passkey that did not work says so */
function passkeys() {
  document.addEventListener("allauth.error", (event) => {
    const line = $("[data-passkey-error]");
    if (!line) return;
    event.preventDefault();
    line.textContent = "That did not work. Try again, or sign in another way.";
    line.hidden = false;
  });
}

/* ---- what is typed or chosen while an answer is on its way stays, where the form is drawn again */
function keepTyped() {
  const ticked = (field) => field.matches("[type=radio], [type=checkbox]");
  const state = (field) => (ticked(field) ? field.checked : field.value);
  const fields = (form) => [...form.querySelectorAll("input[id]:not([type=hidden]), select[id], textarea[id]")];
  const forms = new WeakMap();
  const before = (form) => {
    const { sent } = forms.get(form) || {};
    const newer = (field) => (sent ? sent.has(field.id) && sent.get(field.id) !== state(field) : field === document.activeElement);
    forms.set(form, { kept: fields(form).filter(newer).map((field) => [field.id, state(field)]) });
  };
  const after = (form) => {
    for (const [id, value] of forms.get(form)?.kept || []) {
      const field = document.getElementById(id);
      if (field) field[ticked(field) ? "checked" : "value"] = value;
    }
    forms.delete(form);
  };
  const autosaved = (act) => (event) => {
    const form = event.detail.target || event.target;
    if (form.matches?.("[data-autosave]")) act(form);
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt;
    if (form.matches?.("[data-autosave]")) forms.set(form, { sent: new Map(fields(form).map((field) => [field.id, state(field)])) });
  });
  for (const name of ["htmx:beforeSwap", "htmx:oobBeforeSwap"]) document.addEventListener(name, autosaved(before));
  for (const name of ["htmx:afterSwap", "htmx:oobAfterSwap"]) document.addEventListener(name, autosaved(after));
}

document.querySelectorAll("[data-theme-toggle]").forEach(themeButton);
document.querySelectorAll("[data-menu]").forEach(menuButton);
document.querySelectorAll(".kc-timeout").forEach(sessionWarning);
// Nobody is signed in here any more, or a client holds the screen: other tabs show nothing either.
if ("nobody" in document.body.dataset && "BroadcastChannel" in window) new BroadcastChannel(SESSION).postMessage("gone");
document.addEventListener("click", (event) => {
  const opener = event.target.closest("button[data-open]");
  if (opener) document.getElementById(opener.dataset.open)?.showModal();
  if (event.target.closest("[data-print]")) print();
});
/* Every printed page says about whom it is, who printed it and when. */
addEventListener("beforeprint", () => {
  const say = (name, text) => document.documentElement.style.setProperty(name, JSON.stringify((text || "").replace(/\s+/g, " ").trim()));
  say("--kc-running", $(".kc-banner__id")?.textContent);
  say("--kc-printed", document.body.dataset.printed);
});
keys();
sendOnce();
autosave();
keepTyped();
passkeys();
{
  const errors = $(".kc-errors");
  if (errors?.querySelector("li")) errors.focus();
}

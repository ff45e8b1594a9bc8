// The desk without its reload is plain links and forms; this script makes it follow the files, and gives it keys.
(() => {
  "use strict";
  const live = document.getElementById("live");
  let state = document.body.dataset.state;
  let asking = null;

  const say = (words, lost) => {
    live.textContent = words;
    live.classList.toggle("lost", Boolean(lost));
  };

  // ---- following the files

  // The new frame loads behind the old one and takes its place, at the same height: no flash, no jump.
  const refresh = (old) => {
    old.parentNode.querySelectorAll("iframe.next").forEach((late) => late.remove());
    const next = old.cloneNode(false);
    next.classList.add("next");
    next.addEventListener("load", () => {
      if (!next.isConnected) return;
      try { next.contentWindow.scrollTo(old.contentWindow.scrollX, old.contentWindow.scrollY); } catch { /* an error page of the browser's own */ }
      next.classList.remove("next");
      old.remove();
      listen(next);
    }, { once: true });
    old.after(next);
  };

  const replace = (now, then) => {
    const here = now.querySelector("iframe:not(.next)");
    const there = then.querySelector("iframe");
    if (here && there && here.className === there.className && here.getAttribute("src") === there.getAttribute("src")) {
      refresh(here);
      return;
    }
    if (now.outerHTML === then.outerHTML) return;
    const box = now.querySelector(".paper");
    const top = box ? box.scrollTop : 0;
    const focus = now.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    now.replaceWith(then);
    const boxNow = then.querySelector(".paper");
    if (boxNow) boxNow.scrollTop = top;
    if (focus) then.querySelector(`a[href="${CSS.escape(focus)}"]`)?.focus();
    then.querySelectorAll("iframe").forEach(listen);
  };

  const follow = async () => {
    asking?.abort();
    const mine = asking = new AbortController();
    try {
      const answer = await fetch(location.pathname + location.search, { signal: mine.signal, headers: { Accept: "text/html" } });
      if (!answer.ok) { say(answer.status === 404 ? "This issue is no longer there" : "This could not be shown: the preview's terminal says why", true); return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine.signal.aborted) return;
      const script = (doc) => doc.querySelector("script[src]")?.getAttribute("src");
      if (script(page) !== script(document)) { location.reload(); return; } // another build of the program
      document.title = page.title;
      state = page.body.dataset.state;
      for (const then of page.querySelectorAll("[data-live][id]")) {
        const now = document.getElementById(then.id);
        if (now) replace(now, document.adoptNode(then));
      }
      say(`Updated at ${new Date().toLocaleTimeString()}`);
    } catch (error) {
      if (error.name !== "AbortError") say("The preview does not answer: start it again", true);
    }
  };

  // A browser opens six connections to one server, and each of these holds one: only pages that are seen have one.
  let source = null;
  const part = () => { source?.close(); source = null; };
  const connect = () => {
    if (source || document.hidden) return;
    source = new EventSource(`/changes?since=${encodeURIComponent(state)}`);
    source.addEventListener("open", () => { live.classList.remove("lost"); if (!live.textContent.startsWith("Updated")) say("Follows what you save"); });
    source.addEventListener("change", (event) => { if (event.data !== state) follow(); });
    source.addEventListener("error", () => say("The preview has stopped: start it again, and this page goes on", true));
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? part() : connect()));
  addEventListener("pagehide", part);
  addEventListener("pageshow", connect); // also of a page that the browser had kept and shows again
  connect();

  // ---- keys

  const step = (by) => {
    const links = [...document.querySelectorAll("[data-step]")];
    if (links.length === 0) return;
    const at = links.indexOf(document.activeElement);
    const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : (at + by + links.length) % links.length];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  const press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    if (event.key === "j" || event.key === "k") { step(event.key === "j" ? 1 : -1); event.preventDefault(); return; }
    const link = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (link) { event.preventDefault(); link.click(); }
  };

  // A letter that was clicked into has the focus: the keys go on working. To listen twice is to listen once.
  const listen = (frame) => {
    const attach = () => { try { frame.contentWindow.addEventListener("keydown", press); } catch { /* not ours any more */ } };
    attach();
    frame.addEventListener("load", attach);
  };
  addEventListener("blur", () => { if (document.activeElement instanceof HTMLIFrameElement) listen(document.activeElement); });

  document.addEventListener("keydown", press);
  document.querySelectorAll("iframe").forEach(listen);
  // Views change often and issues too: the form need not say what is not filled in.
  document.addEventListener("submit", (event) => {
    for (const input of event.target.elements) if (input.name && input.name !== "as" && input.value === "") input.disabled = true;
  });
})();

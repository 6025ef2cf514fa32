// Sends the call of this page through the portal and draws what the answer says about the limits.
const form = document.getElementById("try");
const place = document.getElementById("answer");

const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
};

const svg = (tag, attributes) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  return made;
};

function gauge(title, left, limit, note) {
  if (left === null || limit === null || !(limit > 0)) {
    return [];
  }
  const part = Math.max(0, Math.min(1, left / limit));
  const drawing = svg("svg", { class: "gauge", viewBox: "0 0 1000 12", preserveAspectRatio: "none", role: "img", "aria-label": `${title}: ${left} of ${limit} left` });
  drawing.append(svg("rect", { class: "bed", width: 1000, height: 12 }));
  drawing.append(svg("rect", { class: `taken ${part === 0 ? "bad" : part < 0.1 ? "warn" : ""}`, width: Math.round(part * 1000), height: 12 }));
  const line = element("p", { class: "gauge-line" }, element("strong", {}, title), element("span", {}, `${left.toLocaleString()} of ${limit.toLocaleString()} left`));
  return [line, drawing, element("p", { class: "hint" }, note)];
}

const number = (headers, name) => {
  const text = headers.get(name);
  return text === null || Number.isNaN(Number(text)) ? null : Number(text);
};

/** The policy's q of a RateLimit-Policy field, as in "burst";q=60. */
function policy(headers, name) {
  const found = (headers.get("ratelimit-policy") ?? "").match(new RegExp(`"${name}";q=(\\d+)`));
  return found ? Number(found[1]) : null;
}

function until(reset) {
  const left = Math.max(0, reset - Date.now() / 1000);
  const hours = Math.floor(left / 3600);
  return hours > 0 ? `Starts anew in ${hours} h ${Math.floor((left % 3600) / 60)} min, at 00:00 UTC.` : `Starts anew in ${Math.ceil(left / 60)} min, at 00:00 UTC.`;
}

async function show(response, millis) {
  const headers = response.headers;
  const text = await response.text();
  let body = text;
  let problem = null;
  try {
    const tree = JSON.parse(text);
    body = JSON.stringify(tree, null, 2);
    problem = (headers.get("content-type") ?? "").includes("problem+json") ? tree : null;
  } catch {
    // not JSON: shown as it is
  }
  const tone = response.status >= 500 ? "bad" : response.status >= 400 ? "warn" : "ok";
  const head = element("p", { class: "answer-head" },
    element("span", { class: `state ${tone}` }, `${response.status}`),
    element("span", { class: "hint" }, `${headers.get("x-response-time") ?? ""} at the gateway, ${Math.round(millis)} ms here`));
  const id = headers.get("x-request-id");
  const parts = [head];
  if (problem) {
    parts.push(element("div", { class: `notice ${tone}` }, element("strong", {}, problem.title ?? problem.code), element("br"), problem.detail ?? ""));
  }
  const wait = headers.get("retry-after");
  if (wait) {
    parts.push(element("p", {}, `Retry-After: a lone client that waits ${wait} s is let in.`));
  }
  const reset = number(headers, "x-ratelimit-reset");
  parts.push(...gauge("Daily quota", number(headers, "x-ratelimit-remaining"), number(headers, "x-ratelimit-limit"), reset ? until(reset) : ""));
  parts.push(...gauge("Burst bucket", number(headers, "x-ratelimit-burstremaining"), policy(headers, "burst"), "Refills evenly by the minute."));
  if (id) {
    const row = element("p", { class: "hint" }, "Request id ", element("code", {}, id));
    if (response.status !== 429 && response.status !== 401) {
      row.append(" · ", element("a", { href: `/usage/calls/${encodeURIComponent(id)}` }, "why it went so"));
    }
    parts.push(row);
  }
  parts.push(element("div", { class: "code" }, element("pre", { tabindex: "0" }, body || "an empty body")));
  const all = [...headers.entries()].filter(([name]) => /^(x-|ratelimit|retry|content-type|etag|link|deprecation|sunset|location)/.test(name) && !/^x-content-type/.test(name));
  parts.push(element("details", { class: "numbers" }, element("summary", {}, "Heads of the answer"),
    element("pre", { class: "wire", tabindex: "0" }, all.map(([name, value]) => `${name}: ${value}`).join("\n"))));
  place.replaceChildren(...parts);
}

if (form) {
  const send = form.querySelector("button");
  send.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    let path = form.dataset.path;
    const query = new URLSearchParams();
    const headers = { Accept: "application/json" };
    for (const field of form.querySelectorAll("[data-name]")) {
      const { name } = field.dataset;
      const value = field.value.trim();
      if (field.dataset.in === "path") {
        path = path.replace(`{${name}}`, encodeURIComponent(value));
      } else if (value && field.dataset.in === "query") {
        query.append(name, value);
      } else if (value && field.dataset.in === "header") {
        headers[name] = value;
      }
    }
    const missing = [...form.querySelectorAll("[data-in=path]")].find((field) => !field.value.trim());
    if (missing) {
      missing.setAttribute("aria-invalid", "true");
      missing.focus();
      return;
    }
    form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
    const body = document.getElementById("try-body");
    if (body) {
      headers["Content-Type"] = body.dataset.type;
    }
    send.disabled = true;
    send.textContent = "Sending…";
    const begun = performance.now();
    try {
      const text = query.toString();
      const response = await fetch(`/try${path}${text ? `?${text}` : ""}`, { method: form.dataset.method, headers, body: body ? body.value : undefined });
      await show(response, performance.now() - begun);
    } catch {
      place.replaceChildren(element("p", { class: "notice bad" }, "The portal did not answer. Check your connection and send again."));
    }
    place.hidden = false;
    send.disabled = false;
    send.textContent = "Send again";
  });
}

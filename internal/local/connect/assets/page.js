// What the page does beyond what it does without a script: it shows how far a file
// has been sent and imported as it happens, and tells assistive technology now and
// then rather than all the time.
"use strict";

const announceEvery = 8000; // milliseconds
const askEvery = 700;

// show moves a section's progress bar and its words.
function show(section, percent, detail) {
  const bar = section.querySelector("progress");
  if (percent < 0) {
    bar.removeAttribute("value");
  } else {
    bar.value = percent;
  }
  section.querySelector(".detail").textContent = detail;
}

// announcer says a section's progress to those who do not see it.
function announcer(section) {
  let said = 0, phase = "";
  return (nextPhase, text) => {
    const now = Date.now();
    if (phase === nextPhase && now - said < announceEvery) return;
    [said, phase] = [now, nextPhase];
    section.querySelector(".announce").textContent = text;
  };
}

function size(bytes) {
  const units = ["B", "KiB", "MiB", "GiB"];
  let i = 0;
  for (; bytes >= 1024 && i < units.length - 1; i++) bytes /= 1024;
  return (i ? bytes.toFixed(1) : bytes) + " " + units[i];
}

function complain(text) {
  const problem = document.createElement("p");
  problem.className = "problem";
  const strong = document.createElement("strong");
  strong.textContent = "That did not work.";
  problem.append(strong, " " + text);
  document.getElementById("problem").replaceChildren(problem);
}

function send(form, sending) {
  const file = form.elements.file.files[0];
  if (!file) return;
  document.getElementById("problem").replaceChildren();
  const most = Number(form.dataset.most);
  if (file.size > most) {
    complain("The file is larger than the " + size(most) + " that this page takes. Import it with the command attrove-mcp import instead.");
    return;
  }
  const request = new XMLHttpRequest();
  const announce = announcer(sending);
  const done = (text) => {
    form.hidden = false;
    sending.hidden = true;
    complain(text);
    form.elements.file.focus();
  };
  request.upload.addEventListener("progress", (event) => {
    const percent = event.total ? Math.floor(100 * event.loaded / event.total) : -1;
    show(sending, percent, size(event.loaded) + " of " + size(event.total));
    announce("sending", "Sending the file: " + percent + " percent");
  });
  request.addEventListener("load", () => {
    let reply = {};
    try {
      reply = JSON.parse(request.responseText);
    } catch {
      // something in between answered
    }
    if (reply.location) {
      location.replace(reply.location);
    } else {
      done(reply.problem || "The file could not be sent. Try again.");
    }
  });
  request.addEventListener("error", () => done("The connection broke off. Is the program behind this page still running?"));
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  const body = new FormData(form);
  form.hidden = true;
  sending.hidden = false;
  request.send(body);
}

function prepare(form) {
  const drop = form.querySelector(".drop"), input = form.elements.file;
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, document.getElementById("sending"));
  });
}

function follow(importing) {
  const announce = announcer(importing);
  const ask = async () => {
    try {
      const reply = await fetch(importing.dataset.status);
      const status = await reply.json();
      if (status.state !== "working") {
        location.reload();
        return;
      }
      document.getElementById("phase").textContent = status.phase;
      show(importing, status.percent, status.detail);
      announce(status.phase, status.phase + ": " + status.detail);
    } catch {
      show(importing, -1, "No answer. Is the program behind this page still running?");
    }
    setTimeout(ask, askEvery);
  };
  setTimeout(ask, askEvery);
}

// leave goes back by itself, unless the person wants to stay.
function leave(back) {
  const line = document.querySelector(".leaving");
  const seconds = Number(back.dataset.after);
  line.hidden = false;
  line.querySelector("[role=status]").textContent = "You are taken back in " + seconds + " seconds.";
  const timer = setTimeout(() => location.assign(back.href), 1000 * seconds);
  line.querySelector("button").addEventListener("click", () => {
    clearTimeout(timer);
    line.hidden = true;
    back.focus();
  });
}

const form = document.querySelector("form");
if (form) prepare(form);
const importing = document.getElementById("importing");
if (importing) follow(importing);
const back = document.getElementById("back");
if (back && back.dataset.after) leave(back);

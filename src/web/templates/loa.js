// Renews what is on air every two seconds. Without it the page renews itself as a whole.
(function () {
  var box = document.getElementById('live'), lost = document.getElementById('lost');
  if (!box || !window.XMLHttpRequest) { return; }
  function next() { window.setTimeout(look, 2000); }
  function failed() { lost.hidden = false; next(); }
  function look() {
    var asked = new XMLHttpRequest();
    asked.open('GET', '/live', true);
    asked.timeout = 8000;
    asked.onload = function () {
      // The session is over: the page itself says where to sign in.
      if (asked.status === 401) { window.location.reload(); return; }
      if (asked.status !== 200) { failed(); return; }
      box.innerHTML = asked.responseText;
      lost.hidden = true;
      next();
    };
    asked.onerror = failed;
    asked.ontimeout = failed;
    asked.send();
  }
  next();
}());

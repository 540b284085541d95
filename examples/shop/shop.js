/* The demo shop. Frontdesk is used as any site uses it: its script tag, and the calls below. */

// The first half of the snippet: calls wait here, with their moment and page, until the probe has arrived.
window.frontdesk ??= (...call) => {
  window.frontdesk.q ??= [];
  window.frontdesk.q.push([Date.now(), location.href, document.title, call]);
};

const $ = (selector) => document.querySelector(selector);
const currency = document.body.dataset.currency;
const home = document.body.dataset.home;
const money = new Intl.NumberFormat(document.documentElement.lang, {
  style: "currency",
  currency,
  minimumFractionDigits: 0,
});

/* What this browser remembers: {member: {id, name}, bag: [{id, name, label, variant, price, currency}]} */

let memory = {};
try {
  memory = JSON.parse(localStorage.getItem("bellshop")) || {};
} catch {
  // Storage is blocked: the shop forgets with the page.
}

function remember(change) {
  memory = { ...memory, ...change };
  try {
    localStorage.setItem("bellshop", JSON.stringify(memory));
  } catch {
    // As above.
  }
  showTop();
}

function newId(prefix) {
  const bytes = crypto.getRandomValues(new Uint8Array(5));
  return prefix + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* The bag holds what was bought here; prices of another language's shop stay out of it. */

const bag = () => (memory.bag || []).filter((item) => item.currency === currency);

function putInBag(item) {
  remember({ bag: [...bag(), { ...item, currency }] });
  frontdesk("track", "Product Added", {
    product_id: item.id,
    name: item.name,
    variant: item.variant,
    price: item.price,
    currency,
    quantity: 1,
  });
}

/* Top of the page: who is here, what is in the bag */

function showTop() {
  const count = bag().length;
  $("[data-bag-count]").textContent = count;
  $("[data-bag-count]").hidden = count === 0;
  $("[data-hello]").textContent = memory.member?.name ?? "";
  for (const part of document.querySelectorAll("[data-signed]")) {
    part.hidden = (part.dataset.signed === "in") !== Boolean(memory.member);
  }
}

$("[data-sign-out]").addEventListener("click", () => {
  remember({ member: null, bag: [] });
  frontdesk("reset");
  location.assign(home);
});

/* Sign-up */

function signUp(form) {
  const { name, email, company } = Object.fromEntries(new FormData(form));
  const member = { id: newId("demo-"), name: name.trim() };
  frontdesk("identify", member.id, {
    name: member.name,
    email: email.trim(),
    createdAt: new Date().toISOString(),
  });
  frontdesk("track", "Registered");
  if (company.trim()) frontdesk("group", company.trim().toLowerCase(), { name: company.trim() });
  remember({ member });
}

/* Product: the finish follows the choice, and `?finish=` the link that led here */

function showFinish(input) {
  document.body.dataset.finish = input.value;
  $("[data-said]").hidden = true;
}

function product(form) {
  const wanted = new URLSearchParams(location.search).get("finish");
  const inputs = [...form.querySelectorAll("[name=finish]")];
  const chosen = inputs.find((input) => input.value === wanted) ?? inputs[0];
  chosen.checked = true;
  showFinish(chosen);
  form.addEventListener("change", (event) => showFinish(event.target));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { id, name, price } = form.dataset;
    const finish = form.querySelector("[name=finish]:checked");
    const label = `${name} · ${finish.parentElement.textContent.trim()}`;
    putInBag({ id, name, label, price: Number(price), variant: finish.value });
    $("[data-said]").hidden = false;
  });
}

/* Pricing */

function choosePlan(button) {
  const { plan, name, price } = button.dataset;
  frontdesk("track", "Plan Selected", { plan, price: Number(price), currency });
  if (Number(price) > 0) putInBag({ id: `plan-${plan}`, name, price: Number(price) });
  location.assign(home + (Number(price) > 0 ? "/checkout" : "/signup"));
}

/* Checkout */

function showBag() {
  const items = bag();
  $("[data-empty]").hidden = items.length > 0;
  $("[data-full]").hidden = items.length === 0;
  $("[data-items]").replaceChildren(
    ...items.map((item) => {
      const line = document.createElement("li");
      const name = document.createElement("span");
      const price = document.createElement("span");
      name.textContent = item.label ?? item.name;
      price.textContent = money.format(item.price);
      line.append(name, price);
      return line;
    }),
  );
  $("[data-total]").textContent = money.format(total(items));
}

const total = (items) => items.reduce((sum, item) => sum + item.price, 0);

function placeOrder() {
  const items = bag();
  const order = newId("BS-").toUpperCase();
  frontdesk("track", "Order Completed", {
    order_id: order,
    revenue: total(items),
    currency,
    products: items.map(({ id, name, variant, price }) => ({
      product_id: id,
      name,
      variant,
      price,
      quantity: 1,
    })),
  });
  remember({ bag: [] });
  $("[data-order]").textContent = order;
}

/** A form that, once sent, gives way to the words that follow it. */
function answered(form, act) {
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    act(form);
    for (const part of document.querySelectorAll("[data-asking]")) part.hidden = true;
    const done = $("[data-done]");
    done.hidden = false;
    done.querySelector("h2").focus();
  });
}

showTop();
if ($("[data-product]")) product($("[data-product]"));
if ($("[data-items]")) showBag();
answered($("[data-sign-up]"), signUp);
answered($("[data-checkout]"), placeOrder);
for (const button of document.querySelectorAll("[data-plan]")) {
  button.addEventListener("click", () => choosePlan(button));
}
